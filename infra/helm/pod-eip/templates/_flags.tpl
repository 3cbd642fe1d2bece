{{/* Fails in one sentence where a service, or Node, would not start with its flags. */}}
{{- define "pod-eip.checkFlags" -}}
{{- $rules := .Files.Get "files/settings.yaml" | fromYaml }}
{{- range $service := list "watcher" "projector" "worker" "publisher" "api" "allInOne" }}
{{- include "pod-eip.checkNodeFlags" (list $ $service) }}
{{- $given := include "pod-eip.readFlags" (list $ $service) | fromJson }}
{{- $isAsked := has $service (list "worker" "allInOne") }}
{{- if and $isAsked (eq ($service | eq "allInOne") ($.Values.mode | eq "allInOne")) }}
{{- include "pod-eip.checkTogether" (list $ (printf "%s.args: " $service) $given $rules) }}
{{- end }}
{{- end }}
{{- end }}

{{/* The variables that the flags of a service set, each with its value, as JSON: (list $ "worker"). */}}
{{- define "pod-eip.readFlags" -}}
{{- $root := index . 0 }}
{{- $service := index . 1 }}
{{- $args := (index $root.Values $service).args | default list }}
{{- $rules := $root.Files.Get "files/settings.yaml" | fromYaml }}
{{- $elsewhere := $root.Files.Get "files/settings-elsewhere.yaml" | fromYaml }}
{{- $known := dict }}
{{- range $variable, $rule := $rules }}
{{- if and $rule.flag (or (eq $service "allInOne") (has $service $rule.services)) }}
{{- $_ := set $known $rule.flag $variable }}
{{- end }}
{{- end }}
{{- $given := dict }}
{{- range $i, $arg := $args }}
{{- $flag := regexFind "^--[^=]*" $arg }}
{{- $hasValue := contains "=" $arg }}
{{- $variable := get $known (trimPrefix "--" $flag) }}
{{- $wrong := "" }}
{{- if eq $flag "--help" }}
{{- fail (printf "%s.args has --help, which shows the flags instead of starting the service: leave it out." $service) }}
{{- else if not $variable }}
{{- $wrong = printf "Unknown option '%s'" $flag }}
{{- else if (index $rules $variable).isSwitch }}
{{- if $hasValue }}{{ $wrong = printf "Option '%s' does not take an argument" $flag }}{{ end }}
{{- else if not $hasValue }}
{{- $isLast := eq (add1 $i) (len $args | int64) }}
{{- $wrong = $isLast | ternary (printf "Option '%s <value>' argument missing" $flag) (printf "Option '%s' argument is ambiguous" $flag) }}
{{- end }}
{{- with $wrong }}{{ fail (printf "%s.args: %s" $service .) }}{{ end }}
{{- $_ := set $given $variable ($hasValue | ternary (regexReplaceAll "^[^=]*=" $arg "") "true") }}
{{- end }}
{{- range $variable, $value := $given }}
{{- $rule := index $rules $variable }}
{{- $name := printf "%s.args: --%s" $service $rule.flag }}
{{- with index $elsewhere $variable }}
{{- if or .instead .noFlag }}{{ include "pod-eip.refuseElsewhere" (list $name .) }}{{ end }}
{{- end }}
{{- include "pod-eip.checkSetting" (list $name $value $rule) }}
{{- end }}
{{- toJson $given }}
{{- end }}

{{/* What goes with another variable alone: (list $ "worker.args: " FLAGS RULES). */}}
{{- define "pod-eip.checkTogether" -}}
{{- $root := index . 0 }}
{{- $where := index . 1 }}
{{- $flags := index . 2 }}
{{- range $variable, $rule := index . 3 }}
{{- with $rule.unless }}
{{- $name := hasKey $flags $variable | ternary (printf "%s--%s" $where $rule.flag) (printf "settings.%s" $variable) }}
{{- $value := get $flags $variable | default (get ($root.Values.settings | default dict) $variable) }}
{{- $other := get $flags .variable | default $root.Values.cloud.endpoint }}
{{- if and $value (not $other) }}
{{- $ms := include "pod-eip.milliseconds" $value | float64 }}
{{- if lt $ms .minMs }}
{{- fail (printf .message $name (divf $ms 1000.0)) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{/* Fails where `nodeFlags` has what Node would not start with: (list $ "worker"). */}}
{{- define "pod-eip.checkNodeFlags" -}}
{{- $service := index . 1 }}
{{- $known := (index . 0).Files.Get "files/node-flags.yaml" | fromYaml }}
{{- range (index (index . 0).Values $service).nodeFlags }}
{{- $name := regexFind "^--[^=]*" . }}
{{- if has $name $known.withNumber }}
{{- if not (regexMatch "^[^=]*=[1-9][0-9]{0,8}$" .) }}
{{- fail (printf "%s.nodeFlags has %s: write it as %s=NUMBER." $service . $name) }}
{{- end }}
{{- else if not (has . $known.alone) }}
{{- fail (printf "%s.nodeFlags has %s, which is no flag of Node that the chart knows: its file files/node-flags.yaml has all of them." $service .) }}
{{- end }}
{{- end }}
{{- end }}
