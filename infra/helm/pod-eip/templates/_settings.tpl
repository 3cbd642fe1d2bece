{{/* Fails in one sentence where a service would, at its start, or where `settings` is no place for a variable. */}}
{{- define "pod-eip.checkSettings" -}}
{{- $rules := .Files.Get "files/settings.yaml" | fromYaml }}
{{- $elsewhere := .Files.Get "files/settings-elsewhere.yaml" | fromYaml }}
{{- range $variable, $value := .Values.settings }}
{{- $name := printf "settings.%s" $variable }}
{{- with index $elsewhere $variable }}
{{- include "pod-eip.refuseElsewhere" (list $name .) }}
{{- end }}
{{- if not (hasKey $rules $variable) }}
{{- fail (printf "%s is no variable that pod-eip knows: docs/operating.md, Settings, has all of them." $name) }}
{{- end }}
{{- $text := include "pod-eip.text" $value }}
{{- if $text }}
{{- include "pod-eip.checkSetting" (list $name $text (index $rules $variable)) }}
{{- end }}
{{- end }}
{{- range $variable, $set := $elsewhere }}
{{- if $set.value }}
{{- $value := $.Values }}
{{- range splitList "." $set.value }}
{{- $value = get $value . }}
{{- end }}
{{- if kindIs "map" $value }}
{{- $value = printf "%s/%s" $value.namespace $value.name }}
{{- end }}
{{- $text := include "pod-eip.text" $value }}
{{- $rule := index $rules $variable }}
{{- if $text }}
{{- include "pod-eip.checkSetting" (list $set.value $text $rule) }}
{{- else if $rule.missing }}
{{- fail (printf "%s is not set: %s. %s" $set.value $rule.missing $rule.help) }}
{{- end }}
{{- end }}
{{- end }}
{{- if and (eq .Values.cloud.credentials "pod-identity") (not .Values.cloud.serviceAccountAnnotations) }}
{{- fail "cloud.credentials is pod-identity, and cloud.serviceAccountAnnotations is empty: give the annotations that name the role, or other credentials." }}
{{- end }}
{{- end }}

{{/* Fails with what to do instead: (list NAME ENTRY), the entry being one of files/settings-elsewhere.yaml. */}}
{{- define "pod-eip.refuseElsewhere" -}}
{{- $entry := index . 1 }}
{{- $todo := $entry.instead }}
{{- with $entry.value }}{{ $todo = printf "set %s instead" . }}{{ end }}
{{- fail (printf "%s is not taken: %s." (index . 0) $todo) }}
{{- end }}

{{/* Fails in the words of the services where a value is wrong: (list NAME TEXT RULE). */}}
{{- define "pod-eip.checkSetting" -}}
{{- $value := index . 1 }}
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
{{- if not $fits }}
{{- fail (printf "%s is %q: %s. %s" (index . 0) (trunc 60 $value) $rule.message $rule.help) }}
{{- end }}
{{- end }}

{{/* A value as a variable has it: helm's numbers would be written as 1e+06. Nothing where there is none. */}}
{{- define "pod-eip.text" -}}
{{- if kindIs "string" . }}{{ . }}{{ else if not (kindIs "invalid" .) }}{{ toJson . }}{{ end }}
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
