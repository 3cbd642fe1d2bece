{{/* Fails where `podLabels` or `podAnnotations` has what the chart says of its Pods itself. */}}
{{- define "pod-eip.checkPods" -}}
{{- range list "name" "instance" "component" }}
{{- if hasKey ($.Values.podLabels | default dict) (printf "app.kubernetes.io/%s" .) }}
{{- fail (printf "podLabels has app.kubernetes.io/%s, by which the Deployments find their Pods: leave it out." .) }}
{{- end }}
{{- end }}
{{- if hasKey (.Values.podAnnotations | default dict) "pod-eip/settings" }}
{{- fail "podAnnotations has pod-eip/settings, by which changed settings restart the Pods: leave it out." }}
{{- end }}
{{- end }}
