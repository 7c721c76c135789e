# Envoy's rate limit service (the build context) on glibc, nothing else.
ARG BASE
FROM $BASE
COPY ratelimit /bin/ratelimit
ARG RECIPE
LABEL portcullis.recipe=$RECIPE
USER 65532:65532
ENTRYPOINT ["/bin/ratelimit"]
