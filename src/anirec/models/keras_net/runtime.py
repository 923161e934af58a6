"""Settings of Keras and TensorFlow that must stand before either is imported."""

from __future__ import annotations

import os
import sys


def prepare_keras(threads: int) -> None:
    """Choose TensorFlow unless the environment names a backend; quiet it; bound its threads.

    Has no effect on a TensorFlow that the process has imported already.
    """
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    # Start-up notices about instruction sets and devices say nothing to a user; failures raise.
    # The one about oneDNN comes before the log level is read, and XLA does not use oneDNN.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    if "tensorflow" not in sys.modules:
        os.environ["TF_NUM_INTRAOP_THREADS"] = str(threads)
        os.environ["TF_NUM_INTEROP_THREADS"] = str(threads)
