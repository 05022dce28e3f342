"""What PyTorch says of a small random policy in float64: logits, losses, gradients and optimizer steps.

Each model folder is a Hugging Face model directory plus
  golden.json                       inputs, logits, log-probabilities, entropies, losses (all numbers from float64 arithmetic)
  gradients.supervised.safetensors  gradient of the supervised loss for every parameter (float64, rounded to f32)
  gradients.grpo.safetensors        gradient of the GRPO loss, likewise
Where an adapter is trained (lora.py), both hold the gradients of its matrices alone.

Loss conventions: logits are divided by the temperature before everything else; a loss is a sum over completion tokens
divided by their number in the whole mini-batch (token-mean). The GRPO loss is
  -(1/N) * sum_t [ min(rho*A, clip(rho, 1-clipLow, 1+clipHigh)*A) - beta*(exp(d)-d-1) + entropy*H_t ],
  rho = exp(logp - logp_old), d = clamp(logp_ref - logp, -20, 20).
"""

import copy
import dataclasses
import json
import math
import pathlib

import torch
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, PreTrainedConfig, PreTrainedModel

OUT = pathlib.Path(__file__).resolve().parents[2] / "server/training/engine/onnx/testing/golden"
TEMPERATURE = 0.7
GRPO = {"kind": "grpo", "clipLow": 0.2, "clipHigh": 0.26, "beta": 0.01, "kl": "k3", "entropy": 0.01}
ADAMW = {"learningRate": 1e-2, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "maxGradNorm": 1.0, "steps": 4}


@dataclasses.dataclass(frozen=True)
class Batch:
    """Lengths and rewards of the groups that a policy is asked about; the tokens are drawn."""

    prompt_lengths: list[int]
    completion_lengths: list[list[int]]
    rewards: list[list[float]]


def randomize(model: PreTrainedModel, bias: float) -> None:
    """Weights large enough for attention and logits to be far from uniform; `bias` is the spread of the biases."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.endswith("norm.weight"):
                parameter.copy_(1 + 0.2 * torch.randn_like(parameter))
            elif name.endswith("bias"):
                parameter.copy_(bias * torch.randn_like(parameter) if bias else torch.zeros_like(parameter))
            else:
                parameter.copy_(0.3 * torch.randn_like(parameter))


class Float64Norm:
    """The library's norm casts to f32 inside; this one stays in the precision it is given."""

    def forward(self, hidden_states):
        variance = hidden_states.pow(2).mean(-1, keepdim=True)
        return self.weight * hidden_states * torch.rsqrt(variance + self.variance_epsilon)


def rotary_frequencies(config: PreTrainedConfig) -> torch.Tensor:
    """Angle per position of each pair of a head, by the published formulas in float64."""
    size = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    rope = config.rope_parameters
    plain = 1.0 / rope["rope_theta"] ** (torch.arange(0, size, 2, dtype=torch.float64) / size)
    if rope["rope_type"] == "default":
        return plain
    if rope["rope_type"] == "linear":
        return plain / rope["factor"]
    assert rope["rope_type"] == "llama3", rope
    turns = rope["original_max_position_embeddings"] * plain / (2 * math.pi)
    low, high = rope["low_freq_factor"], rope["high_freq_factor"]
    kept = ((turns - low) / (high - low)).clamp(0, 1)
    return kept * plain + (1 - kept) * plain / rope["factor"]


class Float64Rotary:
    """The library computes frequencies, cosines and sines in f32."""

    def forward(self, x, position_ids):
        angles = position_ids[..., None].to(torch.float64) * rotary_frequencies(self.config)
        angles = torch.cat((angles, angles), dim=-1)
        return angles.cos(), angles.sin()


def in_float64(stock: PreTrainedModel, positions: int) -> PreTrainedModel:
    """The same network in double precision throughout, checked against the library's own in f32 at so many positions."""
    model = copy.deepcopy(stock).to(torch.float64)
    for module in model.modules():
        for ending, exact in (("RMSNorm", Float64Norm), ("RotaryEmbedding", Float64Rotary)):
            if type(module).__name__.endswith(ending):
                module.__class__ = type(exact.__name__, (exact, type(module)), {})
    tokens = torch.arange(positions).unsqueeze(0) % (stock.config.vocab_size - 2) + 2
    with torch.no_grad():
        exact, usual = model(tokens, use_cache=False).logits, stock(tokens, use_cache=False).logits
    assert exact.dtype == torch.float64
    worst = float((exact - usual).abs().max())
    assert worst < 1e-4, f"the double precision network is another network: logits differ by {worst}"
    return model


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


def token_count(groups) -> int:
    return sum(len(c["tokens"]) for g in groups for c in g["completions"])


def supervised_loss(model, groups) -> torch.Tensor:
    parts = [
        scores(completion_logits(model, g["prompt"], c["tokens"]), c["tokens"], 1.0)[0].sum()
        for g in groups
        for c in g["completions"]
    ]
    return -torch.stack(parts).sum() / token_count(groups)


def grpo_loss(model, groups) -> tuple[torch.Tensor, dict[str, int]]:
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
    return -objective / token_count(groups), clipped


def as_f32(values: torch.Tensor) -> list[float]:
    """Values that an f32 array holds exactly: what the engine is given is what PyTorch was given."""
    return values.to(torch.float32).to(torch.float64).tolist()


def draw_groups(model, batch: Batch, generator: torch.Generator) -> list[dict]:
    vocabulary = model.config.vocab_size
    groups = []
    for prompt_length, lengths, rewards in zip(
        batch.prompt_lengths, batch.completion_lengths, batch.rewards, strict=True
    ):
        prompt = torch.randint(2, vocabulary, (prompt_length,), generator=generator).tolist()
        completions = []
        for length, reward, advantage in zip(lengths, rewards, advantages(rewards), strict=True):
            tokens = [*torch.randint(2, vocabulary, (length - 1,), generator=generator).tolist(), 1]
            with torch.no_grad():
                logits = completion_logits(model, prompt, tokens)
                logp, entropy = scores(logits, tokens, TEMPERATURE)
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
    found = {name: p.grad.clone() for name, p in model.named_parameters() if p.requires_grad}
    norm = math.sqrt(sum(float((g**2).sum()) for g in found.values()))
    return {file_name(name): g.to(torch.float32).contiguous() for name, g in found.items()}, norm


def file_name(name: str) -> str:
    """A parameter's name without what PEFT's wrapper adds to it: the wrapped model, and the name of the adapter."""
    return name.removeprefix("base_model.model.").replace(".default.", ".")


def adamw_course(exact: PreTrainedModel, groups, weight_decay: float) -> dict:
    """Supervised loss before each of a few optimizer steps and after the last; decay acts on every parameter."""
    model = copy.deepcopy(exact)
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


def load(folder: pathlib.Path, dtype: torch.dtype = torch.float32) -> PreTrainedModel:
    """The policy as the library reads it from disk: what is tested is the folder, not an object in memory."""
    return AutoModelForCausalLM.from_pretrained(folder, attn_implementation="sdpa", dtype=dtype).eval()


def write_answers(folder: pathlib.Path, script: str, batch: Batch, seed: int, stock: PreTrainedModel | None = None) -> None:
    """Writes the answers beside the model that is in the folder already; `stock` where more belongs to it than that."""
    stock = stock or load(folder)
    longest = max(
        prompt + max(lengths) for prompt, lengths in zip(batch.prompt_lengths, batch.completion_lengths, strict=True)
    )
    model = in_float64(stock, max(longest, 62))
    groups = draw_groups(model, batch, torch.Generator().manual_seed(seed))

    supervised = supervised_loss(model, groups)
    supervised_gradients, supervised_norm = gradients(model, supervised)
    grpo, clipped = grpo_loss(model, groups)
    grpo_gradients, grpo_norm = gradients(model, grpo)
    assert clipped["low"] > 0 and clipped["high"] > 0, "no ratio clips: the case tests nothing"
    save_file(supervised_gradients, folder / "gradients.supervised.safetensors")
    save_file(grpo_gradients, folder / "gradients.grpo.safetensors")
    model.zero_grad()
    courses = [adamw_course(model, groups, decay) for decay in (0.0, 0.1)]
    golden = {
        "about": f"Written by scripts/golden/{script}; conventions are stated in answers.py beside it.",
        "tokens": token_count(groups),
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
    print(f"{folder.name}: supervised {supervised.item():.6f}, grpo {grpo.item():.6f}, clipped {clipped}")
