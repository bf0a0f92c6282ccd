#!/usr/bin/env bash
# Kills galleries and trainings at random, runs them to the end, and compares every byte with a run in one go.
#
#     Tests/Durability/kill.sh [KILLS]      by default 20 of each
source "$(dirname "$0")/common.sh"
kills=${1:-20}

plan "$work/plan.yaml"
gallery "$work/plan.yaml" "$work/whole"
mkdir "$work/trained"
train "$work/trained"

done_kills=0
for ((round = 1; done_kills < kills; round++)); do
  rm -rf "$work/cut" && mkdir "$work/cut"
  for ((i = 0; i < 5 && done_kills < kills; i++)); do
    gallery "$work/plan.yaml" "$work/cut" & running=$!
    sleep "0.$((RANDOM % 9))$((RANDOM % 9))"
    killed $running || break
    done_kills=$((done_kills + 1))
  done
  gallery "$work/plan.yaml" "$work/cut"
  expect_same "$work/whole" "$work/cut" "gallery, round $round"
done
echo "gallery: $done_kills kills, the same bytes and nothing else"

done_kills=0
for ((round = 1; done_kills < kills; round++)); do
  rm -rf "$work/cut" && mkdir "$work/cut"
  for ((i = 0; i < 8 && done_kills < kills; i++)); do
    train "$work/cut" & running=$!
    sleep "0.$((RANDOM % 9))$((RANDOM % 9))"
    killed $running || break
    done_kills=$((done_kills + 1))
  done
  train "$work/cut"
  expect_same "$work/trained" "$work/cut" "training, round $round"
done
echo "training: $done_kills kills, the same bytes and nothing else"
