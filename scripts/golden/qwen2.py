"""Writes the golden answers that the engine is held against: two small random Qwen2 models and what PyTorch says of them.

Run by hand, never in CI:  python scripts/golden/qwen2.py
The environment is pinned in requirements.txt; the outputs are committed.

Each model folder is a Hugging Face model directory plus
  golden.json                       inputs, logits, log-probabilities, entropies, losses (all numbers from float64 arithmetic)
  gradients.supervised.safetensors  gradient of the supervised loss for every parameter (float64, rounded to f32)
  gradients.grpo.safetensors        gradient of the GRPO loss, likewise

Loss conventions: logits are divided by the temperature before everything else; a loss is a sum over completion tokens
divided by their number in the whole mini-batch (token-mean). The GRPO loss is
  -(1/N) * sum_t [ min(rho*A, clip(rho, 1-clipLow, 1+clipHigh)*A) - beta*(exp(d)-d-1) + entropy*H_t ],
  rho = exp(logp - logp_old), d = clamp(logp_ref - logp, -20, 20).
"""

import copy
import json
import math
import pathlib

import torch
from safetensors.torch import save_file
from transformers import Qwen2Config, Qwen2ForCausalLM
from transformers.models.qwen2.modeling_qwen2 import Qwen2RMSNorm, Qwen2RotaryEmbedding

OUT = pathlib.Path(__file__).resolve().parents[2] / "server/training/engine/onnx/testing/golden"
VOCABULARY = 64
TEMPERATURE = 0.7
PROMPT_LENGTHS = [9, 2, 14]
COMPLETION_LENGTHS = [[5, 1, 8], [3, 6, 4], [2, 7, 11]]
# The last group's rewards are equal: its advantages are 0 and only the KL and entropy terms act on it.
REWARDS = [[1.0, 0.0, 0.0], [1.01, 1.0, 0.0], [1.0, 1.0, 1.0]]
GRPO = {"kind": "grpo", "clipLow": 0.2, "clipHigh": 0.26, "beta": 0.01, "kl": "k3", "entropy": 0.01}
ADAMW = {"learningRate": 1e-2, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "maxGradNorm": 1.0, "steps": 4}


def build(tied: bool, seed: int) -> Qwen2ForCausalLM:
    """A model with weights large enough for attention and logits to be far from uniform."""
    torch.manual_seed(seed)
    config = Qwen2Config(
        vocab_size=VOCABULARY,
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=128,
        rms_norm_eps=1e-6,
        tie_word_embeddings=tied,
        rope_parameters={"rope_type": "default", "rope_theta": 10000.0 if tied else 1000000.0},
        bos_token_id=None,
        eos_token_id=1,
        pad_token_id=0,
        dtype="float32",
    )
    model = Qwen2ForCausalLM(config)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.endswith("norm.weight"):
                parameter.copy_(1 + 0.2 * torch.randn_like(parameter))
            elif name.endswith("bias"):
                parameter.copy_(torch.zeros_like(parameter) if tied else 0.5 * torch.randn_like(parameter))
            else:
                parameter.copy_(0.3 * torch.randn_like(parameter))
    return model


class Float64Norm(Qwen2RMSNorm):
    """The library's norm casts to f32 inside; this one stays in the precision it is given."""

    def forward(self, hidden_states):
        variance = hidden_states.pow(2).mean(-1, keepdim=True)
        return self.weight * hidden_states * torch.rsqrt(variance + self.variance_epsilon)


class Float64Rotary(Qwen2RotaryEmbedding):
    """The library computes frequencies, cosines and sines in f32."""

    def forward(self, x, position_ids):
        size = self.config.hidden_size // self.config.num_attention_heads
        theta = self.config.rope_parameters["rope_theta"]
        frequencies = 1.0 / theta ** (torch.arange(0, size, 2, dtype=torch.float64) / size)
        angles = position_ids[..., None].to(torch.float64) * frequencies
        angles = torch.cat((angles, angles), dim=-1)
        return angles.cos(), angles.sin()


def in_float64(stock: Qwen2ForCausalLM) -> Qwen2ForCausalLM:
    """The same network in double precision throughout, checked against the library's own in f32."""
    model = copy.deepcopy(stock).to(torch.float64)
    for module in model.modules():
        if isinstance(module, Qwen2RMSNorm):
            module.__class__ = Float64Norm
        elif isinstance(module, Qwen2RotaryEmbedding):
            module.__class__ = Float64Rotary
    tokens = torch.arange(2, VOCABULARY).unsqueeze(0)
    with torch.no_grad():
        exact, usual = model(tokens, use_cache=False).logits, stock(tokens, use_cache=False).logits
    assert exact.dtype == torch.float64
    worst = float((exact - usual).abs().max())
    assert worst < 1e-4, f"the double precision network is another network: logits differ by {worst}"
    return model


def write_model(model: Qwen2ForCausalLM, folder: pathlib.Path, tied: bool) -> None:
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    config = json.loads((folder / "config.json").read_text())
    if not tied:
        # The layout of every Qwen2/2.5 release so far (transformers 4): the tied model keeps that of transformers 5.
        config["rope_theta"] = config.pop("rope_parameters")["rope_theta"]
        config["torch_dtype"] = config.pop("dtype")
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")


def advantages(rewards: list[float]) -> list[float]:
    if all(reward == rewards[0] for reward in rewards):
        return [0.0] * len(rewards)
    values = torch.tensor(rewards, dtype=torch.float64)
    return ((values - values.mean()) / (values.std(correction=1) + 1e-6)).tolist()


def completion_logits(model, prompt: list[int], completion: list[int]) -> torch.Tensor:
    """Logits that predict each completion token: [completion length, vocabulary]."""
    tokens = torch.tensor([prompt + completion])
    return model(tokens, use_cache=False).logits[0, len(prompt) - 1 : -1]


def scores(logits: torch.Tensor, completion: list[int], temperature: float):
    """Log-probability of each completion token and entropy of each distribution, of logits / temperature."""
    logp = torch.log_softmax(logits / temperature, dim=-1)
    return logp[torch.arange(len(completion)), torch.tensor(completion)], -(logp.exp() * logp).sum(-1)


def supervised_loss(model, groups) -> torch.Tensor:
    total = sum(len(c["tokens"]) for g in groups for c in g["completions"])
    parts = [
        scores(completion_logits(model, g["prompt"], c["tokens"]), c["tokens"], 1.0)[0].sum()
        for g in groups
        for c in g["completions"]
    ]
    return -torch.stack(parts).sum() / total


def grpo_loss(model, groups) -> tuple[torch.Tensor, dict[str, int]]:
    total = sum(len(c["tokens"]) for g in groups for c in g["completions"])
    objective = torch.zeros((), dtype=torch.float64)
    clipped = {"low": 0, "high": 0}
    for group in groups:
        for c in group["completions"]:
            logp, entropy = scores(completion_logits(model, group["prompt"], c["tokens"]), c["tokens"], TEMPERATURE)
            ratio = torch.exp(logp - torch.tensor(c["oldLogprobs"], dtype=torch.float64))
            bounded = ratio.clamp(1 - GRPO["clipLow"], 1 + GRPO["clipHigh"])
            edges = torch.tensor([1 - GRPO["clipLow"], 1 + GRPO["clipHigh"]])
            assert (ratio[:, None] - edges).abs().min() > 1e-3, "a ratio so near a clip edge that f32 may fall on its other side"
            surrogate = torch.minimum(ratio * c["advantage"], bounded * c["advantage"])
            difference = (torch.tensor(c["refLogprobs"], dtype=torch.float64) - logp).clamp(-20, 20)
            kl = torch.exp(difference) - difference - 1
            objective = objective + (surrogate - GRPO["beta"] * kl + GRPO["entropy"] * entropy).sum()
            acts = bounded * c["advantage"] < ratio * c["advantage"]
            clipped["low"] += int((acts & (ratio < 1)).sum())
            clipped["high"] += int((acts & (ratio > 1)).sum())
    return -objective / total, clipped


def as_f32(values: torch.Tensor) -> list[float]:
    """Values that an f32 array holds exactly: what the engine is given is what PyTorch was given."""
    return values.to(torch.float32).to(torch.float64).tolist()


def draw_groups(model, generator: torch.Generator) -> list[dict]:
    groups = []
    for prompt_length, lengths, rewards in zip(PROMPT_LENGTHS, COMPLETION_LENGTHS, REWARDS, strict=True):
        prompt = torch.randint(2, VOCABULARY, (prompt_length,), generator=generator).tolist()
        completions = []
        for length, reward, advantage in zip(lengths, rewards, advantages(rewards), strict=True):
            tokens = [*torch.randint(2, VOCABULARY, (length - 1,), generator=generator).tolist(), 1]
            with torch.no_grad():
                logits = model(torch.tensor([prompt + tokens]), use_cache=False).logits[0]
                logp, entropy = scores(logits[prompt_length - 1 : -1], tokens, TEMPERATURE)
            noise = torch.randn(2, length, generator=generator, dtype=torch.float64)
            completions.append(
                {
                    "tokens": tokens,
                    "logits": logits.tolist(),
                    "logprobs": logp.tolist(),
                    "entropies": entropy.tolist(),
                    "reward": reward,
                    "advantage": advantage,
                    "oldLogprobs": as_f32(logp + 0.3 * noise[0]),
                    "refLogprobs": as_f32(logp + 0.2 * noise[1]),
                }
            )
        groups.append({"prompt": prompt, "completions": completions})
    return groups


def gradients(model, loss: torch.Tensor) -> tuple[dict[str, torch.Tensor], float]:
    model.zero_grad()
    loss.backward()
    found = {name: parameter.grad.clone() for name, parameter in model.named_parameters()}
    norm = math.sqrt(sum(float((g**2).sum()) for g in found.values()))
    return {name: g.to(torch.float32).contiguous() for name, g in found.items()}, norm


def adamw_course(stock: Qwen2ForCausalLM, groups, weight_decay: float) -> dict:
    """Supervised loss before each of a few optimizer steps and after the last; decay acts on every parameter."""
    model = in_float64(stock)
    optimizer = torch.optim.AdamW(
        model.parameters(),
        lr=ADAMW["learningRate"],
        betas=(ADAMW["beta1"], ADAMW["beta2"]),
        eps=ADAMW["epsilon"],
        weight_decay=weight_decay,
    )
    losses, norms = [], []
    for _ in range(ADAMW["steps"]):
        optimizer.zero_grad()
        loss = supervised_loss(model, groups)
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(model.parameters(), ADAMW["maxGradNorm"]).item())
        losses.append(loss.item())
        optimizer.step()
    with torch.no_grad():
        losses.append(supervised_loss(model, groups).item())
    return {**ADAMW, "weightDecay": weight_decay, "losses": losses, "gradNorms": norms}


def rounded(value):
    """Ten significant digits: far below the tolerance of an f32 engine, and a third of the file."""
    if isinstance(value, float):
        return float(f"{value:.10g}")
    if isinstance(value, list):
        return [rounded(item) for item in value]
    if isinstance(value, dict):
        exact = ("oldLogprobs", "refLogprobs", "advantage", "reward")
        return {key: item if key in exact else rounded(item) for key, item in value.items()}
    return value


def write_golden(name: str, tied: bool, seed: int) -> None:
    folder = OUT / name
    folder.mkdir(parents=True, exist_ok=True)
    write_model(build(tied, seed), folder, tied)
    # Read back from disk: what is tested is the folder, not the object in memory.
    stock = Qwen2ForCausalLM.from_pretrained(folder, attn_implementation="sdpa", dtype=torch.float32).eval()
    model = in_float64(stock)
    groups = draw_groups(model, torch.Generator().manual_seed(seed + 1))

    supervised = supervised_loss(model, groups)
    supervised_gradients, supervised_norm = gradients(model, supervised)
    grpo, clipped = grpo_loss(model, groups)
    grpo_gradients, grpo_norm = gradients(model, grpo)
    assert clipped["low"] > 0 and clipped["high"] > 0, "no ratio clips: the case tests nothing"
    save_file(supervised_gradients, folder / "gradients.supervised.safetensors")
    save_file(grpo_gradients, folder / "gradients.grpo.safetensors")
    courses = [adamw_course(stock, groups, decay) for decay in (0.0, 0.1)]
    golden = {
        "about": "Written by scripts/golden/qwen2.py; conventions are stated there.",
        "tokens": sum(len(c["tokens"]) for g in groups for c in g["completions"]),
        "temperature": TEMPERATURE,
        "groups": groups,
        "supervised": {"temperature": 1.0, "loss": supervised.item(), "gradNorm": supervised_norm, "adamw": courses},
        "grpo": {
            "temperature": TEMPERATURE,
            "aggregation": "token-mean",
            "objective": GRPO,
            "loss": grpo.item(),
            "gradNorm": grpo_norm,
            "clipped": clipped,
        },
    }
    (folder / "golden.json").write_text(json.dumps(rounded(golden), separators=(",", ":")) + "\n")
    print(f"{name}: supervised {supervised.item():.6f}, grpo {grpo.item():.6f}, clipped {clipped}")


if __name__ == "__main__":
    torch.use_deterministic_algorithms(True)
    write_golden("tied", tied=True, seed=20251)
    write_golden("untied", tied=False, seed=20252)
