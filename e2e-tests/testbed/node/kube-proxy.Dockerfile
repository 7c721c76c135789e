ARG BASE
FROM $BASE
COPY kube-proxy /usr/local/bin/
