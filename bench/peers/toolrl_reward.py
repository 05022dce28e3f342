"""ToolRL's reward in Python, beside ours: completions per second of processor time over recorded pairs.

    python bench/peers/toolrl_reward.py pairs.jsonl [--seconds 3] [--original rlla.py]

With --original it measures compute_score of ToolRL's own file (verl/utils/reward_score/rlla.py, not part of this project). Without it, a
port of that function's work, written for this measurement: the same patterns, the same parsing, the same matching, and the same looks at
the environment. The original prints what it does at every call, as long as nobody takes that out; the port prints as much where --print
is given. Standard output goes nowhere while the clock runs.
"""

import argparse
import contextlib
import importlib.util
import json
import os
import re
import time
from collections import Counter

PATTERNS = {
    (False, True): r"^<think>.*?</think>\n<response>.*?</response>$",
    (True, False): r"^<think>.*?</think>\n<tool_call>\n.*?\n</tool_call>$",
    (True, True): r"^<think>.*?</think>\n<tool_call>\n.*?\n</tool_call>\n<response>.*?</response>$",
    (False, False): r"^<think>.*?</think>$",
}


def say(loud, *what):
    if loud:
        print(*what)


def overlap(left, right):
    if left == right:
        return 1.0
    if os.getenv("REFINEDREWARD", 0) == "1" or not left or not right:
        return 0.0
    counts, others = Counter(left), Counter(right)
    shared = sum(min(counts[key], others[key]) for key in counts.keys() & others.keys())
    return shared / (len(left) + len(right) - shared)


def format_reward(answer, gold, step, loud):
    most, least = 1.0, 0.0
    if str(os.getenv("MAX1STEP30MAX3", 0)) == "1" and step >= 30:
        most, least = most / 2, least / 2
    if str(os.getenv("SCHEDULEREWARD", 0)) == "1":
        most = max(1.0, 2 - (2 - most) * step / 150)
        least = min(-1.0, -2 + (2 + least) * step / 150)
    say(loud, "\n======= Answer ======= ")
    say(loud, gold)
    say(loud, "\n======= Responses ======= ")
    say(loud, f"*** Response 1***\n{answer}")
    calls, response = "<tool_call>" in gold, "<response>" in gold
    tags = (["<tool_call>", "</tool_call>"] if calls else []) + (["<response>", "</response>"] if response else [])
    found = re.search(PATTERNS[calls, response], answer, re.DOTALL) and all(answer.count(tag) == 1 for tag in tags)
    reward = most if found else least
    say(loud, "\n======= Reward for <format> =======")
    say(loud, "Reward function for <format> is called ...")
    say(loud, [reward])
    return reward


def match(gold, given, most, least, loud):
    if gold == given:
        say(loud, "Max possible score:", "Exact Match!")
        say(loud, "Score:", most)
        return most
    if os.getenv("COARSEREWARD", 0) == "1":
        return least
    score = overlap([call["name"] for call in gold], [call["name"] for call in given])
    possible = 1.0
    used = set()
    for call in gold:
        name, parameters = call["name"], call["parameters"]
        whole = str(os.getenv("INTERMEDIATEREWARD", 0)) == "1"
        possible += 1.0 if whole else 1.0 + len(parameters)
        best, index = 0.0, -1
        for place, other in enumerate(given):
            if place in used or other["name"] != name:
                continue
            if str(os.getenv("INTERMEDIATEREWARD", 0)) == "1":
                if call == other:
                    best, index = 1.0, place
                    break
                continue
            values = other["parameters"]
            total = overlap(list(parameters.keys()), list(values.keys())) + sum(
                1.0 for key, value in parameters.items() if key in values and values[key] == value
            )
            if total > best:
                best, index = total, place
        if index >= 0:
            used.add(index)
            score += best
    say(loud)
    say(loud, "Max possible score:", possible)
    say(loud, "Score:", score)
    return (most - least) * score / possible + least


def correctness_reward(answer, gold, step, loud):
    most = 1.0 if str(os.getenv("CORRECTMAX1", 0)) == "1" else 3.0
    least = -most
    if str(os.getenv("MAX1STEP30MAX3", 0)) == "1" and step < 30:
        most, least = most / 3, least / 3
    if str(os.getenv("SCHEDULEREWARD", 0)) == "1":
        most = min(3.0, (most - 2) * step / 150 + 2)
        least = max(-3.0, (least + 2) * step / 150 - 2)
    reward = 0.0
    if "<tool_call>" in gold:
        lines = gold.split("<tool_call>")[1].split("</tool_call>")[0].strip().split("\n")
        wanted = [json.loads(line) for line in lines]
        try:
            assert "<tool_call>" in answer and "</tool_call>" in answer
            lines = answer.split("<tool_call>")[1].split("</tool_call>")[0].strip().split("\n")
            reward = match(wanted, [json.loads(line) for line in lines], most, least, loud)
        except Exception:
            reward = least
    say(loud, "\n======= Reward for <tool call> =======")
    say(loud, "Reward function for <tool call> correctness is called ...")
    say(loud, [reward])
    return reward


def length_reward(answer, step):
    words = (640 - 384) * step / 105 + 384 if os.getenv("SCHEDULELENGTH", 0) == "1" else 512
    if "<think>" not in answer or "</think>" not in answer:
        return 0.0
    thoughts = answer.split("<think>")[-1].split("</think>")[0].strip()
    return min(1.0, round(len(thoughts.split()) / words, 2))


def port(loud):
    def score(completion, gold, step):
        experiment = str(os.getenv("EXPERIMENT_NAME", ""))
        if "llama" in experiment:
            start, end = "<|start_header_id|>assistant<|end_header_id|>", "<|eot_id|>"
        elif "qwen" in experiment:
            start, end = "<|im_start|>assistant", "<|im_end|>"
        else:
            raise NotImplementedError(f"Unknown model name: {experiment}")
        answer = completion.split(start)[-1].split(end)[0].strip()
        form = format_reward(answer, gold, step, loud)
        correct = correctness_reward(answer, gold, step, loud)
        length = length_reward(answer, step) if str(os.getenv("WITHLENGTH", 0)) == "1" else 0
        return form + correct + length, form, correct, length

    return score


def original(path):
    spec = importlib.util.spec_from_file_location("rlla", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.compute_score


def measure(score, pairs, seconds):
    """Scores per second, and how many of the recorded scores are met."""
    agreed = 0
    count = 0
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        for gold, completion, step, recorded in pairs:
            try:
                total = score(completion, gold, step)[0]
            except Exception:
                total = None
            same = total is None if recorded is None else total is not None and abs(total - recorded) < 1e-9
            agreed += same
        started = time.process_time()
        while time.process_time() - started < seconds:
            for gold, completion, step, _ in pairs:
                try:
                    score(completion, gold, step)
                except Exception:
                    pass
            count += len(pairs)
        elapsed = time.process_time() - started
    return {"perSecond": count / elapsed, "agreed": agreed, "pairs": len(pairs)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("pairs")
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--original")
    parser.add_argument("--print", dest="loud", action="store_true")
    options = parser.parse_args()
    # Variables are set for a whole training, so pairs without any are what a training scores.
    os.environ["EXPERIMENT_NAME"] = "qwen"
    pairs = []
    with open(options.pairs, encoding="utf-8") as lines:
        for line in lines:
            pair = json.loads(line)
            if pair.get("env", {}) in ({}, {"EXPERIMENT_NAME": "qwen"}):
                recorded = pair["score"]["total"] if "score" in pair else None
                pairs.append((pair["gold"], pair["completion"], pair.get("step", 0), recorded))
    score = original(options.original) if options.original else port(options.loud)
    print(json.dumps(measure(score, pairs, options.seconds)))


if __name__ == "__main__":
    main()
