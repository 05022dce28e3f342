"""One supervised update of a Qwen2 model in PyTorch eager on the CPU: forward, backward, AdamW. The engine's peer.

Run by hand:  python bench/peers/torch_update.py '{"hidden": 256, "layers": 4, "heads": 4, "kvHeads": 2,
  "intermediate": 768, "vocab": 8192, "batch": 4, "promptLength": 192, "completionLength": 64, "threads": 2}'

The work is the engine's: logits exist only at the positions that predict completion tokens, sequences have one length, so
nothing is padded. Every form of eager AdamW is measured and the fastest is the peer. Prints one JSON object; `flops` counts
the matrix products of one update (2 per multiply-add, causal attention at its triangle, backward as twice the forward).
"""

import statistics

import torch
import torch.nn.functional as F
from common import arguments, measure, report
from transformers import Qwen2Config, Qwen2ForCausalLM

SHAPE = ("hidden", "layers", "heads", "kvHeads", "intermediate", "vocab", "batch", "promptLength", "completionLength")
OPTIMIZERS = {"loop": {"foreach": False}, "foreach": {"foreach": True}, "fused": {"fused": True}}


def build(s: dict) -> Qwen2ForCausalLM:
    torch.manual_seed(0)
    config = Qwen2Config(
        hidden_size=s["hidden"],
        num_hidden_layers=s["layers"],
        num_attention_heads=s["heads"],
        num_key_value_heads=s["kvHeads"],
        intermediate_size=s["intermediate"],
        vocab_size=s["vocab"],
        max_position_embeddings=max(2048, s["promptLength"] + s["completionLength"]),
        tie_word_embeddings=s["tied"],
        attn_implementation="sdpa",
        dtype="float32",
    )
    return Qwen2ForCausalLM(config).to(torch.float32).train()


def update_flops(s: dict) -> int:
    """Multiply-adds times two of forward and backward for the whole batch."""
    length, head = s["promptLength"] + s["completionLength"], s["hidden"] // s["heads"]
    projections = 2 * s["hidden"] * head * (2 * s["heads"] + 2 * s["kvHeads"]) + 6 * s["hidden"] * s["intermediate"]
    attention = 4 * s["heads"] * head * length * (length + 1) // 2
    layer = projections * length + attention
    return 3 * s["batch"] * (s["layers"] * layer + 2 * s["hidden"] * s["vocab"] * s["completionLength"])


def main() -> None:
    defaults = {"threads": 1, "warmup": 2, "runs": 7, "tied": True, "maxGradNorm": None}
    s = arguments(defaults, required=SHAPE)
    model = build(s)
    length = s["promptLength"] + s["completionLength"]
    tokens = torch.randint(0, s["vocab"], (s["batch"], length))
    targets = tokens[:, s["promptLength"] :].reshape(-1)

    def update(optimizer: torch.optim.AdamW) -> None:
        optimizer.zero_grad(set_to_none=True)
        hidden = model.model(tokens, use_cache=False).last_hidden_state[:, s["promptLength"] - 1 : -1]
        F.cross_entropy(model.lm_head(hidden).reshape(-1, s["vocab"]), targets).backward()
        if s["maxGradNorm"] is not None:
            torch.nn.utils.clip_grad_norm_(model.parameters(), s["maxGradNorm"], foreach=True)
        optimizer.step()

    measured = {}
    for name, options in OPTIMIZERS.items():
        optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, **options)
        measured[name] = measure(lambda optimizer=optimizer: update(optimizer), s["warmup"], s["runs"])
        del optimizer
    best = min(measured, key=lambda name: statistics.median(measured[name]))
    flops = update_flops(s)
    report(
        s,
        measured[best],
        optimizer=best,
        optimizers={name: statistics.median(times) for name, times in measured.items()},
        tokens=s["batch"] * length,
        completion_tokens=targets.numel(),
        parameters=sum(parameter.numel() for parameter in model.parameters()),
        flops=flops,
        gflops_per_second=flops / statistics.median(measured[best]) / 1e6,
    )


if __name__ == "__main__":
    main()
