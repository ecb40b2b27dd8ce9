# The program on a minimal Debian, run by an unprivileged user:
#
#     docker build -t ari-proxy .
#     docker run -e ARI_APPLICATION=demo -e ARI_USERNAME=… -e ARI_PASSWORD_FILE=/run/secrets/ari \
#       -e ARI_HTTP_URL=http://pbx:8088/ari -e MESSAGEBUS_URL=nats://nats:4222 … ari-proxy
#
# See docs/install.md.

FROM --platform=$BUILDPLATFORM denoland/deno:2.9.6 AS build
ARG TARGETARCH
WORKDIR /build
COPY deno.json deno.lock ./
RUN deno install --frozen
COPY cli.ts ./
COPY scripts/compile.ts scripts/
COPY src src
# The builder's architecture compiles the executable for the other one as well.
RUN case "${TARGETARCH:-$(dpkg --print-architecture)}" in \
      arm64) target=linux-arm64 ;; \
      *) target=linux-x64 ;; \
    esac && \
    deno run -A scripts/compile.ts "$target" && \
    mv "dist/ari-proxy-$target" dist/ari-proxy

# The C library and little else; the usual certificate authorities are in the program.
FROM debian:bookworm-slim
LABEL org.opencontainers.image.title="ari-proxy" \
      org.opencontainers.image.description="Asterisk's ARI on a message bus" \
      org.opencontainers.image.licenses="MIT"
COPY LICENSE /usr/share/doc/ari-proxy/
COPY --from=build /build/dist/ari-proxy /usr/local/bin/ari-proxy
USER 65532:65532
ENV ARI_PROXY_HEALTH=:9090
EXPOSE 9090
STOPSIGNAL SIGTERM
# Whether the process is alive. Without bus or Asterisk it waits for them, and a new container would
# not find them sooner; to check for that, use "health" alone, as compose.yaml does.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["/usr/local/bin/ari-proxy", "health", "--live"]
ENTRYPOINT ["/usr/local/bin/ari-proxy"]
CMD ["serve"]
