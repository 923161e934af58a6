"""The manifests are valid, safe by default, and agree with the code that they run."""

from __future__ import annotations

import re
import socket
from shutil import copytree, ignore_patterns
from typing import TYPE_CHECKING
from unittest.mock import Mock

import kubernetes_validate
import pytest
import yaml

from anirec.cli import retrain
from anirec.cli.main import VERBS
from anirec.web.app import create_app
from anirec.web.server import Server
from anirec.web.settings import PREFIX, Settings
from conftest import REPOSITORY
from kubernetes_manifests import (
    FILLED_IN,
    KUBERNETES,
    KUBERNETES_VERSION,
    OVERLAYS,
    WITHOUT_SCHEMA,
    Manifest,
    fill_in,
    one,
    parse,
    pod_templates,
    rendered,
)

if TYPE_CHECKING:
    from pathlib import Path

PLACEHOLDER = f"sha256:{'0' * 64}"
ON_GOOGLE = ("staging", "production")


@pytest.fixture(params=[*OVERLAYS, "production with a domain"])
def manifests(request: pytest.FixtureRequest) -> list[Manifest]:
    if request.param in OVERLAYS:
        return parse(rendered(request.param))
    done = fill_in("production", **FILLED_IN, DOMAIN="anime.example.org")
    assert done.returncode == 0, done.stderr
    return parse(done.stdout)


@pytest.fixture(params=ON_GOOGLE)
def on_google(request: pytest.FixtureRequest) -> list[Manifest]:
    return parse(rendered(request.param))


def test_every_field_is_one_that_kubernetes_knows(manifests: list[Manifest]) -> None:
    for manifest in manifests:
        if manifest["kind"] not in WITHOUT_SCHEMA:
            kubernetes_validate.validate(manifest, KUBERNETES_VERSION, strict=True)


def test_the_strict_schema_does_refuse(manifests: list[Manifest]) -> None:
    deployment = one(manifests, "Deployment")
    deployment["spec"]["template"]["spec"]["containers"][0]["readyProbe"] = {}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(deployment, KUBERNETES_VERSION, strict=True)


def test_everything_is_in_one_namespace(manifests: list[Manifest]) -> None:
    assert one(manifests, "Namespace", "anirec")
    spaces = {m["metadata"].get("namespace") for m in manifests if m["kind"] != "Namespace"}
    assert spaces == {"anirec"}


def test_images_on_google_go_by_digest(on_google: list[Manifest]) -> None:
    images = [c["image"] for pod in pod_templates(on_google) for c in pod["spec"]["containers"]]
    assert len(images) == 2
    assert all(image.endswith(f"@{PLACEHOLDER}") for image in images)


def test_no_image_is_whatever_came_last(manifests: list[Manifest]) -> None:
    frontend = parse((KUBERNETES / "metrics-adapter" / "frontend.yaml").read_text())
    for pod in pod_templates([*manifests, *frontend]):
        for container in pod["spec"]["containers"]:
            name = container["image"].rpartition("/")[2]
            assert re.search(r"@sha256:[0-9a-f]{64}$|:(?!latest)[\w.-]+$", name), name


def test_pods_have_no_rights_and_write_to_nothing_unbounded(manifests: list[Manifest]) -> None:
    for pod in pod_templates(manifests):
        spec = pod["spec"]
        assert spec["automountServiceAccountToken"] is False
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["runAsUser"] == 10001
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for volume in spec["volumes"]:
            assert "sizeLimit" in volume.get("emptyDir", {"sizeLimit": ""})
        for container in spec["containers"]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            for bound in ("requests", "limits"):
                assert container["resources"][bound].keys() >= {"cpu", "memory"}
            # Memory that was not asked for is memory that another pod may need back.
            assert (
                container["resources"]["requests"]["memory"]
                == (container["resources"]["limits"]["memory"])
            )


def test_every_setting_is_one_that_the_code_reads(manifests: list[Manifest]) -> None:
    source = "".join(path.read_text() for path in (REPOSITORY / "src").rglob("*.py"))
    read = {PREFIX + name.upper() for name in Settings.model_fields}
    read |= set(re.findall(r'"(ANIREC_[A-Z_]+)"', source))
    configured = set(one(manifests, "ConfigMap", "settings")["data"])
    assert configured <= read


def test_every_verb_is_one_of_the_command_line(manifests: list[Manifest]) -> None:
    for pod in pod_templates(manifests):
        for container in pod["spec"]["containers"]:
            assert container["args"][0] in VERBS


def test_probes_ask_for_pages_that_exist(manifests: list[Manifest]) -> None:
    routes = {rule.rule for rule in create_app(Mock()).url_map.iter_rules()}
    container = one(manifests, "Deployment")["spec"]["template"]["spec"]["containers"][0]
    asked = [
        container[f"{probe}Probe"]["httpGet"]["path"]
        for probe in ("startup", "readiness", "liveness")
    ]
    assert asked == ["/healthz", "/readyz", "/healthz"]
    assert set(asked) <= routes


def test_a_pod_that_stops_has_time_for_the_requests_at_hand(manifests: list[Manifest]) -> None:
    spec = one(manifests, "Deployment")["spec"]["template"]["spec"]
    waits = spec["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
    with socket.socket() as bound:
        server = Server(None, bound, workers=1, threads=1)  # type: ignore[arg-type]
        drains = server.cfg.graceful_timeout
    assert spec["terminationGracePeriodSeconds"] >= waits + drains + 5


def test_a_rollout_never_takes_a_pod_away_before_its_successor(manifests: list[Manifest]) -> None:
    rolling = one(manifests, "Deployment")["spec"]["strategy"]["rollingUpdate"]
    assert rolling == {"maxSurge": 1, "maxUnavailable": 0}


def test_policies_services_and_budgets_find_their_pods(on_google: list[Manifest]) -> None:
    labels = [pod["metadata"]["labels"] for pod in pod_templates(on_google)]
    for manifest in on_google:
        spec = manifest.get("spec", {})
        selector = spec.get("podSelector") or spec.get("selector") or {}
        wanted = selector.get("matchLabels", selector if manifest["kind"] == "Service" else {})
        assert any(wanted.items() <= some.items() for some in labels), manifest["metadata"]
    # Whatever runs may look up names and read the bucket, the nightly job too.
    out = one(on_google, "NetworkPolicy", "out")["spec"]["podSelector"]["matchLabels"]
    assert all(out.items() <= some.items() for some in labels)
    denied = one(on_google, "NetworkPolicy", "default-deny")["spec"]
    assert denied == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def test_production_survives_the_loss_of_a_zone() -> None:
    manifests = parse(rendered("production"))
    assert one(manifests, "HorizontalPodAutoscaler")["spec"]["minReplicas"] >= 3
    assert "replicas" not in one(manifests, "Deployment")["spec"]
    spread = one(manifests, "Deployment")["spec"]["template"]["spec"]["topologySpreadConstraints"]
    zones, hosts = spread
    assert zones["topologyKey"] == "topology.kubernetes.io/zone"
    assert zones["whenUnsatisfiable"] == "DoNotSchedule"
    assert zones["minDomains"] == 2
    assert hosts["topologyKey"] == "kubernetes.io/hostname"


def test_the_autoscaler_asks_for_what_the_adapter_makes_of_the_counter(
    on_google: list[Manifest],
) -> None:
    metrics = one(on_google, "HorizontalPodAutoscaler")["spec"]["metrics"]
    asked = [m["pods"]["metric"]["name"] for m in metrics if m["type"] == "Pods"]
    values = yaml.safe_load((KUBERNETES / "metrics-adapter" / "values.yaml").read_text())
    (rule,) = values["rules"]["custom"]
    assert asked == [rule["name"]["as"]] == ["anirec_http_requests_per_second"]
    assert rule["seriesQuery"].startswith("anirec_http_requests_total{")
    assert rule["metricsQuery"].count("<<.") == 3


def test_retraining_never_runs_twice_at_once(on_google: list[Manifest]) -> None:
    nightly = one(on_google, "CronJob", "retrain")["spec"]
    assert nightly["concurrencyPolicy"] == "Forbid"
    assert not nightly.get("suspend", False)


def test_the_nightly_job_gives_options_that_its_verb_has(on_google: list[Manifest]) -> None:
    pod = one(on_google, "CronJob", "retrain")["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    arguments = pod["containers"][0]["args"][1:]
    given = retrain.command.make_context("retrain", list(arguments)).params
    assert all(source.startswith("gs://") for source in given["sources"])
    settings = one(on_google, "ConfigMap", "settings")["data"]
    assert given["place"] == settings["ANIREC_BUNDLE"]
    written = [str(given[name]) for name in ("artifacts", "cache", "runs")]
    assert all(path.startswith("/project/") for path in written)


def test_no_secret_is_in_the_manifests(manifests: list[Manifest]) -> None:
    assert not [m for m in manifests if m["kind"] == "Secret"]


@pytest.mark.parametrize("overlay", ON_GOOGLE)
def test_render_fills_in_every_placeholder(overlay: str, tmp_path: Path) -> None:
    # In a copy: other tests render at the same time, and what is left behind is looked at.
    folder = tmp_path / "kubernetes"
    copytree(KUBERNETES, folder, ignore=ignore_patterns(".*"))
    done = fill_in(overlay, folder, **FILLED_IN)
    assert done.returncode == 0, done.stderr
    assert not re.search(rf"PROJECT_ID|REGION|DOMAIN|{PLACEHOLDER}", done.stdout)
    images = {
        c["image"] for p in pod_templates(parse(done.stdout)) for c in p["spec"]["containers"]
    }
    assert images == {FILLED_IN["IMAGE"], FILLED_IN["TRAIN_IMAGE"]}
    assert one(parse(done.stdout), "Service")["spec"]["type"] == "LoadBalancer"
    assert not list(folder.glob(".render-*"))


def test_a_domain_brings_https_in_place_of_the_load_balancer() -> None:
    manifests = parse(fill_in("staging", **FILLED_IN, DOMAIN="anime.example.org").stdout)
    assert one(manifests, "Service")["spec"]["type"] == "ClusterIP"
    assert one(manifests, "ManagedCertificate")["spec"]["domains"] == ["anime.example.org"]
    ingress = one(manifests, "Ingress")
    assert ingress["spec"]["rules"][0]["host"] == "anime.example.org"
    (clients,) = one(manifests, "NetworkPolicy", "web-clients")["spec"]["ingress"]
    assert {source["ipBlock"]["cidr"] for source in clients["from"]} == {
        "35.191.0.0/16",
        "130.211.0.0/22",
    }


@pytest.mark.parametrize(
    ("overlay", "changed", "said"),
    [
        ("production", {"IMAGE": "example.org/anirec:latest"}, "IMAGE must be an image by digest"),
        ("production", {"PROJECT_ID": ""}, "PROJECT_ID must be the id of a Google Cloud project"),
        ("production", {"DOMAIN": "a b"}, "DOMAIN must be a domain"),
        ("prod", {}, "no overlay 'prod': staging or production"),
    ],
)
def test_render_refuses_in_one_line(overlay: str, changed: dict[str, str], said: str) -> None:
    done = fill_in(overlay, **(FILLED_IN | changed))
    assert done.returncode == 2
    assert done.stdout == ""
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
