{{- define "pod-eip.labels" -}}
app.kubernetes.io/name: pod-eip
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{/* What a Deployment and its Pods are found by: (list $ "worker"). */}}
{{- define "pod-eip.selector" -}}
app.kubernetes.io/name: pod-eip
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{- define "pod-eip.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{/* One variable out of a Secret: (list "DATABASE_URL" "pod-eip-stores"). */}}
{{- define "pod-eip.secretVariable" -}}
- name: {{ index . 0 }}
  valueFrom:
    secretKeyRef: {name: {{ index . 1 }}, key: {{ index . 0 }}}
{{- end }}
