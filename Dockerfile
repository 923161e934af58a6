# Two images of one source: `serve` answers requests, `train` runs the pipeline (docs/image.md).
# deploy/image/build.sh builds them. The secrets are settings of pip, for machines that have some.
ARG BASE=python:3.11-slim

FROM ${BASE} AS wheel
WORKDIR /source
COPY requirements/build.txt requirements/
RUN --mount=type=secret,id=pip.conf,target=/etc/pip.conf \
    --mount=type=secret,id=ca.pem \
    --mount=type=cache,target=/root/.cache/pip \
    python -m venv /build \
    && /build/bin/pip install --require-hashes -r requirements/build.txt
COPY pyproject.toml README.md LICENSE ./
COPY src src
RUN /build/bin/pip wheel --no-deps --no-build-isolation --no-cache-dir --wheel-dir /wheels .

FROM ${BASE} AS serve-packages
COPY requirements/gcs.txt /requirements.txt
RUN --mount=type=secret,id=pip.conf,target=/etc/pip.conf \
    --mount=type=secret,id=ca.pem \
    --mount=type=cache,target=/root/.cache/pip \
    python -m venv /opt/anirec \
    && /opt/anirec/bin/pip install --no-compile --require-hashes --only-binary=:all: -r /requirements.txt
COPY --from=wheel /wheels /wheels
# Bytecode that is never compared with its source: the root of the container is read-only.
RUN /opt/anirec/bin/pip install --no-compile --no-deps --no-index --no-cache-dir /wheels/*.whl \
    && /opt/anirec/bin/pip uninstall --yes pip setuptools \
    && find /opt/anirec -name __pycache__ -prune -exec rm -r {} + \
    && python -m compileall -q --invalidation-mode unchecked-hash /opt/anirec/lib

FROM ${BASE} AS serve
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /tmp --shell /usr/sbin/nologin anirec
COPY --from=serve-packages /opt/anirec /opt/anirec
# One thread for matrix products: requests are answered side by side (docs/serving.md).
ENV PATH=/opt/anirec/bin:${PATH} \
    OPENBLAS_NUM_THREADS=1 \
    ANIREC_BUNDLE=/bundles \
    ANIREC_HOST=0.0.0.0 \
    ANIREC_PORT=8000
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s --retries=3 \
    CMD ["python", "-I", "-c", "import http.client, os, sys; c = http.client.HTTPConnection('127.0.0.1', int(os.environ['ANIREC_PORT']), timeout=4); c.request('GET', '/healthz'); sys.exit(c.getresponse().status != 200)"]
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="anirec" \
      org.opencontainers.image.description="Recommends anime: the page and the API of one bundle" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
ENTRYPOINT ["anirec"]
CMD ["serve"]

FROM ${BASE} AS train-packages
COPY requirements/ops.txt /requirements.txt
RUN --mount=type=secret,id=pip.conf,target=/etc/pip.conf \
    --mount=type=secret,id=ca.pem \
    --mount=type=cache,target=/root/.cache/pip \
    python -m venv /opt/anirec \
    && /opt/anirec/bin/pip install --no-compile --require-hashes -r /requirements.txt
COPY --from=wheel /wheels /wheels
RUN /opt/anirec/bin/pip install --no-compile --no-deps --no-index --no-cache-dir /wheels/*.whl \
    && /opt/anirec/bin/pip uninstall --yes pip \
    && find /opt/anirec -name __pycache__ -prune -exec rm -r {} + \
    && python -m compileall -q --invalidation-mode unchecked-hash /opt/anirec/lib

FROM ${BASE} AS train
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /tmp --shell /usr/sbin/nologin anirec \
    && install --directory --owner=10001 --group=10001 /project
COPY --from=train-packages /opt/anirec /opt/anirec
ENV PATH=/opt/anirec/bin:${PATH}
USER 10001:10001
WORKDIR /project
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="anirec-train" \
      org.opencontainers.image.description="Trains, evaluates and publishes bundles of anirec" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
ENTRYPOINT ["anirec"]
CMD ["--help"]

# What a build that names no target gets.
FROM serve
