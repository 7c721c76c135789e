# Debian's Redis, which takes its options as arguments.
ARG BASE
FROM $BASE
ARG RECIPE
LABEL portcullis.recipe=$RECIPE
USER 65532:65532
ENTRYPOINT ["/usr/bin/redis-server"]
