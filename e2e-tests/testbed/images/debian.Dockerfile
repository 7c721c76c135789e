ARG BASE
FROM $BASE
ARG PACKAGES
RUN apt-get update && apt-get install -y --no-install-recommends $PACKAGES && rm -rf /var/lib/apt/lists/*
ARG RECIPE
LABEL portcullis.recipe=$RECIPE
