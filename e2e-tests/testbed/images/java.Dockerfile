# A Debian file system with a Java runtime (the build context) at /opt/java. No application yet.
#
# AOT cache (JEP 483): it must be made by exactly this runtime and with exactly the class path that later runs. Two ways:
#  - a program that ends by itself, in its own Dockerfile (exec form: there is no shell in base-java and base-bootstrap):
#      RUN ["java", "-XX:AOTCacheOutput=/app/app.aot", "-jar", "/app/app.jar", "--dry-run"]
#  - a program that has to be stopped: a first stage from base-sample, which has a shell and the very same /opt/java as
#    base-java, then COPY --from=... /app/app.aot; or on the host with PORTCULLIS_JAVA and PORTCULLIS_BOOTSTRAP_JAVA of `testbed env`, the same files.
ARG BASE
FROM $BASE
COPY . /opt/java
ENV JAVA_HOME=/opt/java PATH=/opt/java/bin:/usr/local/bin:/usr/sbin:/usr/bin
ARG RECIPE
LABEL portcullis.recipe=$RECIPE
USER 65532:65532
