"""The names of the metrics that serving exports and that the monitor reads."""

from __future__ import annotations

from typing import Final

ANSWERS: Final = "anirec_answers_total"
COLD_VIEWERS: Final = "anirec_cold_viewers_total"
FALLBACKS: Final = "anirec_fallbacks_total"
REFILLS: Final = "anirec_filter_refills_total"
SHORT_ANSWERS: Final = "anirec_short_answers_total"
LIST_LENGTH: Final = "anirec_list_length"
LIST_GENRES: Final = "anirec_list_genre_share_total"
RECOMMENDED_GENRES: Final = "anirec_recommended_genre_share_total"
RECOMMENDED_POPULARITY: Final = "anirec_recommended_popularity_share_total"
RECOMMENDED_SHOWS: Final = "anirec_recommended_shows_total"
DISTINCT_REGISTERS: Final = "anirec_recommended_distinct_register"
FEEDBACK: Final = "anirec_feedback_total"
FEEDBACK_OF_RECOMMENDED: Final = "anirec_recommended_feedback_total"

REQUESTS: Final = "anirec_http_requests_total"
REQUEST_SECONDS: Final = "anirec_http_request_duration_seconds"
IN_FLIGHT: Final = "anirec_http_requests_in_flight"
MODEL_INFO: Final = "anirec_model_info"
MODEL_PUBLISHED: Final = "anirec_model_published_timestamp_seconds"

DRIFT_ALERT: Final = "anirec_drift_alert"
DRIFT_STATISTIC: Final = "anirec_drift_statistic"
DRIFT_ANSWERS: Final = "anirec_drift_answers"
DRIFT_CHECKED: Final = "anirec_drift_checked_timestamp_seconds"
