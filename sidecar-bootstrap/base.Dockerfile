# What sidecar-bootstrap's image starts from, made of public images: libc, nft, a Java runtime of few modules.
FROM docker.io/library/eclipse-temurin:25 AS jdk
RUN jlink --output /opt/java --add-modules java.base,java.logging,jdk.unsupported \
      --no-header-files --no-man-pages --strip-java-debug-attributes --compress zip-6 --generate-cds-archive

FROM docker.io/library/debian:trixie-slim
RUN apt-get update && apt-get install -y --no-install-recommends nftables && rm -rf /var/lib/apt/lists/*
COPY --from=jdk /opt/java /opt/java
ENV JAVA_HOME=/opt/java PATH=/opt/java/bin:/usr/local/bin:/usr/sbin:/usr/bin
USER 65532:65532
