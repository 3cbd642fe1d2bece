{{/* Fails in one sentence where a service would, at its start, or where `settings` is no place for a variable. */}}
{{- define "pod-eip.checkSettings" -}}
{{- $rules := .Files.Get "files/settings.yaml" | fromYaml }}
{{- $elsewhere := .Files.Get "files/settings-elsewhere.yaml" | fromYaml }}
{{- range $variable, $value := .Values.settings }}
{{- with index $elsewhere $variable }}
{{- $todo := .instead }}
{{- with .value }}{{ $todo = printf "set %s instead" . }}{{ end }}
{{- fail (printf "settings.%s is not taken: %s." $variable $todo) }}
{{- end }}
{{- if not (hasKey $rules $variable) }}
{{- fail (printf "settings.%s is no variable that pod-eip knows: docs/operating.md, Settings, has all of them." $variable) }}
{{- end }}
{{- include "pod-eip.checkSetting" (list (printf "settings.%s" $variable) $value (index $rules $variable)) }}
{{- end }}
{{- range $variable, $set := $elsewhere }}
{{- if $set.value }}
{{- $value := $.Values }}
{{- range splitList "." $set.value }}
{{- $value = index $value . }}
{{- end }}
{{- if not (kindIs "map" $value) }}
{{- include "pod-eip.checkSetting" (list $set.value $value (index $rules $variable)) }}
{{- end }}
{{- end }}
{{- end }}
{{- if and (eq .Values.cloud.credentials "pod-identity") (not .Values.cloud.serviceAccountAnnotations) }}
{{- fail "cloud.credentials is pod-identity, and cloud.serviceAccountAnnotations is empty: give the annotations that name the role, or other credentials." }}
{{- end }}
{{- end }}

{{/* In the words of the services: (list NAME VALUE RULE). An empty value counts as unset. */}}
{{- define "pod-eip.checkSetting" -}}
{{- $value := index . 1 | toString }}
{{- $rule := index . 2 }}
{{- $fits := true }}
{{- with $rule.enum }}{{ $fits = and $fits (has $value .) }}{{ end }}
{{- with $rule.pattern }}{{ $fits = and $fits (regexMatch . $value) }}{{ end }}
{{- with $rule.maxLength }}{{ $fits = and $fits (le (len $value | float64) .) }}{{ end }}
{{- with $rule.goDuration }}
{{- $ms := include "pod-eip.milliseconds" $value }}
{{- $fits = ne $ms "" }}
{{- if $fits }}
{{- $ms = float64 $ms }}
{{- $isLong := ge $ms .minMs }}
{{- $isShort := true }}
{{- with .maxMs }}{{ $isShort = le $ms . }}{{ end }}
{{- $fits = or (and $isLong $isShort) (and .orZero (eq $ms 0.0)) }}
{{- end }}
{{- end }}
{{- if and $value (not $fits) }}
{{- fail (printf "%s is %q: %s. %s" (index . 0) (trunc 60 $value) $rule.message $rule.help) }}
{{- end }}
{{- end }}

{{/* A Go duration in milliseconds; nothing where it is none. */}}
{{- define "pod-eip.milliseconds" -}}
{{- $text := trim . }}
{{- $part := "([0-9]+\\.?[0-9]*|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)" }}
{{- if regexMatch "^[+-]?0$" $text -}}
0
{{- else if regexMatch (printf "^[+-]?(%s)+$" $part) $text -}}
{{- $units := dict "ns" 0.000001 "us" 0.001 "µs" 0.001 "μs" 0.001 "ms" 1.0 "s" 1000.0 "m" 60000.0 "h" 3600000.0 }}
{{- $total := 0.0 }}
{{- range regexFindAll $part $text -1 }}
{{- $total = addf $total (mulf (regexFind "^[0-9.]+" . | float64) (get $units (regexFind "[^0-9.]+$" .))) }}
{{- end }}
{{- hasPrefix "-" $text | ternary "-" "" }}{{ $total }}
{{- end }}
{{- end }}
