# Envoy (the build context) on glibc, nothing else.
ARG BASE
FROM $BASE
COPY envoy /usr/local/bin/envoy
ARG RECIPE
LABEL portcullis.recipe=$RECIPE
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/envoy"]
