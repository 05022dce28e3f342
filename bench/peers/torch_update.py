"""One supervised update of a Qwen2 model in PyTorch eager: forward, backward, AdamW. The engine's peer.

Run by hand:  python bench/peers/torch_update.py '{"hidden": 256, "layers": 4, "heads": 4, "kvHeads": 2,
  "intermediate": 768, "vocab": 8192, "batch": 4, "promptLength": 192, "completionLength": 64, "threads": 2}'

The work is the engine's: logits exist only at the positions that predict completion tokens, sequences have one length, so
nothing is padded. Every form of eager AdamW is measured and the fastest is the peer. With `adapter` the weights are frozen
and PEFT's LoRA is trained. Prints one JSON object.
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


def adapted(model: Qwen2ForCausalLM, adapter: dict) -> torch.nn.Module:
    from peft import LoraConfig, get_peft_model

    targets = [f"{name}_proj" for name in adapter["targets"]]
    config = LoraConfig(r=adapter["rank"], lora_alpha=2 * adapter["rank"], target_modules=targets, lora_dropout=0.0)
    return get_peft_model(model, config)


def main() -> None:
    defaults = {"warmup": 2, "runs": 7, "tied": True, "maxGradNorm": None, "adapter": None}
    s = arguments(defaults, required=SHAPE)
    model = build(s).to(s["device"])
    if s["adapter"] is not None:
        adapted(model, s["adapter"])
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    length = s["promptLength"] + s["completionLength"]
    tokens = torch.randint(0, s["vocab"], (s["batch"], length), device=s["device"])
    targets = tokens[:, s["promptLength"] :].reshape(-1)

    def update(optimizer: torch.optim.AdamW) -> None:
        optimizer.zero_grad(set_to_none=True)
        hidden = model.model(tokens, use_cache=False).last_hidden_state[:, s["promptLength"] - 1 : -1]
        F.cross_entropy(model.lm_head(hidden).reshape(-1, s["vocab"]), targets).backward()
        if s["maxGradNorm"] is not None:
            torch.nn.utils.clip_grad_norm_(trained, s["maxGradNorm"], foreach=True)
        optimizer.step()

    measured = {}
    for name, options in OPTIMIZERS.items():
        optimizer = torch.optim.AdamW(trained, lr=1e-4, **options)
        measured[name] = measure(lambda optimizer=optimizer: update(optimizer), s)
        del optimizer
    best = min(measured, key=lambda name: statistics.median(measured[name]))
    report(
        s,
        measured[best],
        optimizer=best,
        optimizers={name: statistics.median(times) for name, times in measured.items()},
        tokens=s["batch"] * length,
        completion_tokens=targets.numel(),
        parameters=sum(parameter.numel() for parameter in model.parameters()),
        trained_parameters=sum(parameter.numel() for parameter in trained),
    )


if __name__ == "__main__":
    main()
