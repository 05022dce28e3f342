"""Runs exported graphs with onnxruntime-genai and holds them against transformers on the models that they were made from.

Run by hand, never in CI:
  node scripts/golden/exportOnnx.ts D
  python scripts/golden/onnx_exports.py D

Beside requirements.txt this needs onnxruntime-genai==0.18.0 and onnxruntime==1.31.1. The golden models have no tokenizer, so
prompts are token ids: each golden prompt alone, then all at once, cut to the shortest. They are not padded: this version of
genai gives padding a mask of ones, which no graph could tell from text (exportOnnx.test.ts pads).
"""

import json
import pathlib
import sys

import numpy as np
import onnxruntime_genai as og
import torch
from answers import OUT
from transformers import AutoModelForCausalLM

NEW_TOKENS = 8
BOUND = 1e-4


def generated(folder: pathlib.Path, prompts: list[list[int]]) -> tuple[np.ndarray, list[np.ndarray]]:
    """Greedy continuations [prompt, token], and the logits [prompt, vocabulary] that each token was taken from."""
    width = len(prompts[0])
    model = og.Model(str(folder))
    params = og.GeneratorParams(model)
    # A batch ends with its last sequence; until then genai fills those that have ended.
    params.set_search_options(batch_size=len(prompts), max_length=width + NEW_TOKENS, do_sample=False)
    generator = og.Generator(model, params)
    generator.append_tokens(np.array(prompts, dtype=np.int32))
    logits = []
    while not generator.is_done():
        logits.append(np.array(generator.get_logits()).reshape(len(prompts), -1))
        generator.generate_next_token()
    return np.array([generator.get_sequence(row)[width:] for row in range(len(prompts))]), logits


def check(folder: pathlib.Path, source: pathlib.Path) -> float:
    """Largest difference between a logit of genai's and transformers', which runs each prompt alone and without a cache."""
    model = AutoModelForCausalLM.from_pretrained(source, dtype=torch.float32, attn_implementation="eager").eval()
    prompts = [group["prompt"] for group in json.loads((source / "golden.json").read_text())["groups"]]
    shortest = min(map(len, prompts))
    batches = [[prompt] for prompt in prompts] + [[prompt[-shortest:] for prompt in prompts]]
    worst = 0.0
    for batch in batches:
        tokens, logits = generated(folder, batch)
        # The token that ended a sequence may be left out of it.
        assert len(logits) - 1 <= tokens.shape[1] <= len(logits) > 0
        for row, prompt in enumerate(batch):
            with torch.inference_mode():
                expected = model(torch.tensor([prompt + tokens[row].tolist()])).logits[0].numpy()
            found = np.stack([step[row] for step in logits])
            first = len(prompt) - 1
            worst = max(worst, float(np.abs(found - expected[first : first + len(logits)]).max()))
    return worst


def main() -> None:
    folders = sorted(path for path in pathlib.Path(sys.argv[1]).iterdir() if (path / "genai_config.json").exists())
    assert folders, "no exports there"
    failed = False
    for folder in folders:
        worst = check(folder, OUT / folder.name.rsplit("-", 1)[0])
        failed |= worst >= BOUND
        print(f"{folder.name}: logits differ by at most {worst:.1e}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
