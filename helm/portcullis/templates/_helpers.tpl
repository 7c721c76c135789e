{{/* One installation per cluster: names are fixed, not made from the release's. */}}
{{- define "portcullis.name" -}}portcullis-operator{{- end }}

{{- define "portcullis.selector" -}}
app.kubernetes.io/name: portcullis
app.kubernetes.io/component: operator
{{- end }}

{{- define "portcullis.labels" -}}
app.kubernetes.io/name: portcullis
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | quote }}
{{- end }}

{{/* Takes (list $ .Values.images.<which>). */}}
{{- define "portcullis.image" -}}
{{- $root := index . 0 }}{{ $image := index . 1 }}
{{- with $root.Values.images.registry }}{{ . }}/{{ end }}{{ $image.repository }}:{{ $image.tag | default $root.Chart.AppVersion }}
{{- end }}

{{- define "portcullis.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{- define "portcullis.excludedNamespaces" -}}
{{- concat (list .Release.Namespace "kube-system" "kube-public" "kube-node-lease") .Values.webhook.excludedNamespaces | uniq | toJson }}
{{- end }}

{{/* The operator's settings, as environment variables: each is one property of its OperatorConfig. */}}
{{- define "portcullis.settings" -}}
PORTCULLIS_TRUST_DOMAIN: {{ .Values.trustDomain }}
PORTCULLIS_LEAF_LIFETIME: {{ .Values.certificates.lifetime }}
PORTCULLIS_ISSUES_PER_WORKLOAD_AND_HOUR: {{ .Values.certificates.issuesPerWorkloadAndHour | int | quote }}
PORTCULLIS_KEY_DELIVERY: {{ .Values.certificates.keyDelivery }}
{{- with .Values.certificates.providedSecret }}
PORTCULLIS_ROTATION_PROVIDED_SECRET: {{ . }}
{{- end }}
PORTCULLIS_ROTATION_SPREAD: {{ .Values.certificates.rotation.spread }}
PORTCULLIS_ROTATION_PATIENCE: {{ .Values.certificates.rotation.patience }}
{{- with .Values.certificates.renewAfter }}
PORTCULLIS_LEAF_RENEWAL: {{ . }}
{{- end }}
PORTCULLIS_SERVICE_ACCOUNT: {{ include "portcullis.name" . }}
PORTCULLIS_XDS_ADDRESS: {{ include "portcullis.name" . }}.{{ .Release.Namespace }}.svc.{{ .Values.clusterDomain }}:18000
PORTCULLIS_LEASE_NAME: {{ include "portcullis.name" . }}
PORTCULLIS_WEBHOOK_CONFIGURATION: {{ include "portcullis.name" . }}
PORTCULLIS_IMAGES_BOOTSTRAP: {{ include "portcullis.image" (list . .Values.images.bootstrap) }}
PORTCULLIS_IMAGES_ENVOY: {{ include "portcullis.image" (list . .Values.images.envoy) }}
PORTCULLIS_IMAGES_PULL_POLICY: {{ .Values.images.pullPolicy }}
PORTCULLIS_PROXY_CONCURRENCY: {{ .Values.proxy.concurrency | quote }}
{{- with .Values.proxy.resources }}
PORTCULLIS_PROXY_CPU_REQUEST: {{ .requests.cpu | quote }}
PORTCULLIS_PROXY_MEMORY_REQUEST: {{ .requests.memory | quote }}
PORTCULLIS_PROXY_MEMORY_LIMIT: {{ .limits.memory | quote }}
{{- with .limits.cpu }}
PORTCULLIS_PROXY_CPU_LIMIT: {{ . | quote }}
{{- end }}
{{- end }}
{{- with .Values.proxy.scrapeFrom }}
PORTCULLIS_PROXY_SCRAPE_FROM: {{ toJson . | squote }}
{{- end }}
{{- with .Values.jwks.allowedHosts }}
PORTCULLIS_JWKS_ALLOWED_HOSTS: {{ join "," . | quote }}
{{- end }}
{{- with .Values.jwks.allowedNetworks }}
PORTCULLIS_JWKS_ALLOWED_NETWORKS: {{ join "," . | quote }}
{{- end }}
PORTCULLIS_TEST_HOOKS: {{ .Values.testHooks | quote }}
QUARKUS_LOG_LEVEL: {{ .Values.operator.logLevel }}
{{- end }}

{{- define "portcullis.rateLimit.name" -}}portcullis-rate-limit{{- end }}
{{- define "portcullis.rateLimit.storeName" -}}portcullis-rate-limit-store{{- end }}

{{- define "portcullis.rateLimit.selector" -}}
app.kubernetes.io/name: portcullis
app.kubernetes.io/component: rate-limit
{{- end }}

{{- define "portcullis.rateLimit.storeSelector" -}}
app.kubernetes.io/name: portcullis
app.kubernetes.io/component: rate-limit-store
{{- end }}

{{- define "portcullis.rateLimit.storeAddress" -}}
{{- .Values.rateLimit.fleet.store.address | default (printf "%s.%s.svc.%s:6379" (include "portcullis.rateLimit.storeName" .) .Release.Namespace .Values.clusterDomain) }}
{{- end }}

{{/*
What the service knows of counts, as sidecars name them: the address, then what there is of a client, then what there is not. Of each
interval 1000000000 may be spent; what a request costs is said by the sidecar that asks. Take (list <unit> <number of the next key>).
*/}}
{{- define "portcullis.rateLimit.without" -}}
{{- $unit := index . 0 }}{{ $next := index . 1 | int -}}
- key: without{{ $next }}
  rate_limit: {unit: {{ $unit }}, requests_per_unit: 1000000000}
  {{- if lt $next 2 }}
  descriptors: {{- include "portcullis.rateLimit.without" (list $unit (add $next 1)) | nindent 4 }}
  {{- end }}
{{- end }}
{{- define "portcullis.rateLimit.keys" -}}
{{- $unit := index . 0 }}{{ $next := index . 1 | int }}
{{- include "portcullis.rateLimit.without" (list $unit 1) }}
{{- if le $next 6 }}
- key: key{{ $next }}
  rate_limit: {unit: {{ $unit }}, requests_per_unit: 1000000000}
  descriptors: {{- include "portcullis.rateLimit.keys" (list $unit (add $next 1)) | nindent 4 }}
{{- end }}
{{- end }}

{{/* There before the test's pod, gone after it. */}}
{{- define "portcullis.testObject" -}}
helm.sh/hook: test
helm.sh/hook-weight: "-1"
helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded,hook-failed
{{- end }}

{{/* The opted-in namespaces, less those whose pods must start before the operator can. */}}
{{- define "portcullis.namespaceSelector" -}}
matchLabels:
  portcullis.dev/inject: enabled
matchExpressions:
  - key: kubernetes.io/metadata.name
    operator: NotIn
    values: {{ include "portcullis.excludedNamespaces" . }}
{{- end }}
