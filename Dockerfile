# The service in an image of its own: nothing in it but the binary, what it links and the authorities that
# it trusts. No shell, no root, nothing to write to but its data.
#
#   docker build -t vestibule .
#   docker run --rm -p 127.0.0.1:8000:8000 -e VESTIBULE_HTTP__ALLOW_PUBLIC_LISTEN=true vestibule

# As rust-toolchain.toml has it.
ARG BUILDER=docker.io/library/rust:1.95.0-bookworm

FROM ${BUILDER} AS tools
# The image brings the toolchain that rust-toolchain.toml names; rustup need not look for another.
ENV RUSTUP_TOOLCHAIN=1.95.0
RUN cargo install cargo-chef --version 0.1.78 --locked
WORKDIR /build

# Of all that changes every day, only what says which crates are needed.
FROM tools AS plan
COPY . .
RUN cargo chef prepare --recipe-path recipe.json

FROM tools AS build
# A layer that lasts until a dependency changes.
COPY --from=plan /build/recipe.json recipe.json
RUN cargo chef cook --release --locked --recipe-path recipe.json --package server
COPY . .
RUN cargo build --release --locked --package server

# The file system to be: the binary with the libraries that it names, and places for its user.
SHELL ["/bin/bash", "-euo", "pipefail", "-c"]
RUN mkdir -p /image/etc/ssl/certs /image/usr/local/bin /image/var/lib/vestibule /image/tmp; \
    cp target/release/vestibule /image/usr/local/bin/; \
    ldd target/release/vestibule | grep -o '/[^ ]*' | xargs -I {} cp --parents -L {} /image; \
    cp /etc/ssl/certs/ca-certificates.crt /image/etc/ssl/certs/; \
    echo 'vestibule:x:10001:10001::/var/lib/vestibule:/sbin/nologin' > /image/etc/passwd; \
    echo 'vestibule:x:10001:' > /image/etc/group; \
    echo 'hosts: files dns' > /image/etc/nsswitch.conf; \
    chown 10001:10001 /image/var/lib/vestibule; chmod 700 /image/var/lib/vestibule; \
    chmod 1777 /image/tmp

FROM scratch
COPY --from=build /image /
USER 10001:10001
WORKDIR /var/lib/vestibule
ENV VESTIBULE_HTTP__LISTEN=0.0.0.0:8000
EXPOSE 8000
VOLUME /var/lib/vestibule
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["vestibule", "healthcheck"]
ENTRYPOINT ["vestibule"]
CMD ["serve"]
