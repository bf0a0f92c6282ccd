#!/bin/sh
# A gallery with nothing but a shell: one command a picture, and a page of a few lines.
#
#     Examples/gallery.sh cat dog goldfish
#     VISUALIZE="swift run visualize" OPTIONS="--steps 100" Examples/gallery.sh cat dog
#
# What is there already is not made again. `visualize gallery` does all this in one command.
set -eu

visualize=${VISUALIZE:-visualize}
options=${OPTIONS:-}
folder=${FOLDER:-outputs/shell}

[ $# -gt 0 ] || set -- cat dog goldfish pizza teapot lighthouse

mkdir -p "$folder"
failed=0
for unit in "$@"; do
  # A file's name: no slashes, colons or spaces.
  picture=$folder/$(printf '%s' "$unit" | tr -c 'A-Za-z0-9._-' '-').png
  if [ ! -e "$picture" ]; then
    # The words of $visualize and $options are meant to be split.
    # shellcheck disable=SC2086
    $visualize --unit "$unit" $options --output "$picture" || {
      echo "no picture of $unit" >&2
      failed=1
    }
  fi
done

{
  echo '<!DOCTYPE html><meta charset="utf-8"><title>Gallery</title>'
  echo '<style>body { font: 16px sans-serif; margin: 3em } figure { display: inline-block; margin: 1em }'
  echo 'img { width: 256px; display: block; margin-bottom: .5em }</style>'
  for picture in "$folder"/*.png; do
    [ -e "$picture" ] || continue
    name=${picture##*/}
    echo "<figure><img src=\"$name\" alt=\"\">${name%.png}</figure>"
  done
} > "$folder/index.html"

echo "$folder/index.html"
exit $failed
