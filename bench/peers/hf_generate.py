"""Sampling with transformers' `generate` from a Hugging Face model directory. The decoder's peer.

Run by hand:  python bench/peers/hf_generate.py '{"model": "some/model", "newTokens": 64, "threads": 2}'

Every prompt is random tokens of one length, so nothing is padded, and no completion ends early, so the work is known.
Prints one JSON object; `tokens` counts new tokens only.
"""

import statistics

import torch
from common import arguments, measure, report
from transformers import AutoModelForCausalLM


def main() -> None:
    defaults = {
        "prompts": 8,
        "completions": 5,
        "promptLength": 256,
        "temperature": 0.7,
        "warmup": 1,
        "runs": 3,
        "seed": 0,
    }
    s = arguments(defaults, required=("model", "newTokens"))
    torch.manual_seed(s["seed"])
    model = AutoModelForCausalLM.from_pretrained(s["model"], dtype=torch.float32, attn_implementation="sdpa").eval()
    model = model.to(s["device"])
    prompts = torch.randint(0, model.config.vocab_size, (s["prompts"], s["promptLength"]), device=s["device"])

    def generate() -> None:
        with torch.inference_mode():
            out = model.generate(
                prompts,
                attention_mask=torch.ones_like(prompts),
                do_sample=True,
                temperature=s["temperature"],
                top_k=0,
                top_p=1.0,
                num_return_sequences=s["completions"],
                min_new_tokens=s["newTokens"],
                max_new_tokens=s["newTokens"],
                pad_token_id=model.config.pad_token_id or 0,
            )
        assert out.shape == (s["prompts"] * s["completions"], s["promptLength"] + s["newTokens"])

    times = measure(generate, s)
    tokens = s["prompts"] * s["completions"] * s["newTokens"]
    report(s, times, tokens=tokens, tokens_per_second=tokens / statistics.median(times) * 1000)


if __name__ == "__main__":
    main()
