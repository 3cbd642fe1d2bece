{{- define "pod-eip.labels" -}}
app.kubernetes.io/name: pod-eip
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{/* The name of what stands outside of the release's namespace, where a release of the same name may have its own:
     (list $ "watcher"). */}}
{{- define "pod-eip.clusterWide" -}}
{{- $root := index . 0 }}
{{- $root.Release.Name }}-{{ index . 1 }}
{{- if ne $root.Release.Name $root.Release.Namespace }}.{{ $root.Release.Namespace }}{{ end }}
{{- end }}

{{/* What a Deployment and its Pods are found by: (list $ "worker"). */}}
{{- define "pod-eip.selector" -}}
app.kubernetes.io/name: pod-eip
app.kubernetes.io/instance: {{ (index . 0).Release.Name | quote }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}

{{/* The ServiceAccount as which a service runs: (list $ "worker"). */}}
{{- define "pod-eip.account" -}}
{{- $root := index . 0 }}
{{- $root.Release.Name }}-{{ eq $root.Values.mode "allInOne" | ternary "all-in-one" (index . 1) }}
{{- end }}

{{- define "pod-eip.image" -}}
{{ .Values.image.repository }}
{{- if .Values.image.digest }}@{{ .Values.image.digest }}
{{- else }}:{{ include "pod-eip.text" .Values.image.tag | default .Chart.AppVersion }}
{{- end }}
{{- end }}

{{/* One variable out of a Secret: (list "DATABASE_URL" (dict "name" "pod-eip-stores" "key" "url")). */}}
{{- define "pod-eip.secretVariable" -}}
- name: {{ index . 0 }}
  valueFrom:
    secretKeyRef: {name: {{ (index . 1).name | quote }}, key: {{ (index . 1).key | quote }}}
{{- end }}

{{/* "yes" where the API server has a kind of its admission group: (list $ "v1" "ValidatingAdmissionPolicy").
     `helm template` knows of no server's kinds and takes the newest for granted. */}}
{{- define "pod-eip.admits" -}}
{{- $served := (index . 0).Capabilities.APIVersions }}
{{- $isKnown := $served.Has "apps/v1/Deployment" }}
{{- if or (not $isKnown) ($served.Has (printf "admissionregistration.k8s.io/%s/%s" (index . 1) (index . 2))) -}}
yes
{{- end }}
{{- end }}

{{/* "yes" where wrong annotations are to be refused and the API server can do so. */}}
{{- define "pod-eip.refuses" -}}
{{- if .Values.admission.refuse.enabled -}}
{{ include "pod-eip.admits" (list . "v1" "ValidatingAdmissionPolicy") }}
{{- end }}
{{- end }}

{{/* The API in which Pods get the resource that they forgot; empty where that is not asked for, or not there. */}}
{{- define "pod-eip.mutatingApi" -}}
{{- $v := .Values.admission.addResource }}
{{- $group := "admissionregistration.k8s.io" }}
{{- if not $v.enabled }}
{{- else if $v.apiVersion }}{{ $group }}/{{ $v.apiVersion }}
{{- else if include "pod-eip.admits" (list . "v1" "MutatingAdmissionPolicy") }}{{ $group }}/v1
{{- else if include "pod-eip.admits" (list . "v1beta1" "MutatingAdmissionPolicy") }}{{ $group }}/v1beta1
{{- end }}
{{- end }}
