#!/bin/sh
# Prints the folder with the programs of a real control plane: the one that KUBEBUILDER_ASSETS names already, else
# the one into which UNPACK puts them; nothing where there is neither.
#   kube-assets.sh UNPACK FOLDER
set -eu
if [ -n "${KUBEBUILDER_ASSETS:-}" ]; then
  printf '%s\n' "$KUBEBUILDER_ASSETS"
elif [ -f "$1" ]; then
  sh "$1" "$2"
fi
