"""Writes the golden answers of Proximal Policy Optimization: advantages, and the loss of a policy with a value head.

Run by hand, never in CI:  python scripts/golden/ppo.py
The environment is pinned in requirements.txt; the outputs are committed. It reads what architectures.py and lora.py wrote: a
model of which all weights are trained, one with an adapter, and for each a batch with log-probabilities of the sampling and
the reference policy. All numbers are from float64 arithmetic. It writes

  objectives/testing/golden/gae.json   episodes and their advantages, by the double sum of Schulman et al. 2016, eq. 16,
                                       over every delta to the episode's end, not by the recursion that our code has
  <model>/ppo.json                     a random value head, its values V, what they were before and what they are to become,
                                       and the losses of two objectives, with clipped values and without
  <model>/gradients.ppo.safetensors    gradient of the first one's loss for every parameter that is trained, head included

Loss conventions, besides those of answers.py: V = w·h + b with h the last hidden state after the final norm, whatever the
temperature. The loss is
  (1/N) * sum_t [ -min(rho*A, clip(rho, 1-clipLow, 1+clipHigh)*A) + beta*KL_t - entropy*H_t ]
  + valueCoefficient * sum_t w_t * 1/2 * max((V-R)^2, (V_old + clip(V-V_old, -valueClip, valueClip) - R)^2),
where w_t is 1/(completions) at each completion's first token and 0 elsewhere in the second objective (one action a turn), and
1/N at every token in the first. KL is k3, exp(d)-d-1, in the first objective and k1, -d, in the second; rho is weighted by
min(exp(logp_old - logp_sampler), importanceCap) in the second.
"""

import json
import pathlib

import torch
from answers import OUT, TEMPERATURE, as_f32, file_name, gradients, in_float64, load, rounded, scores, token_count
from lora import trainable
from safetensors.torch import save_file

GAE_OUT = pathlib.Path(__file__).resolve().parents[2] / "server/training/objectives/testing/golden/gae.json"
WHOLE = {
    "kind": "ppo", "clipLow": 0.2, "clipHigh": 0.26, "beta": 0.05, "kl": "k3", "entropy": 0.02,
    "valueCoefficient": 0.5, "valueClip": 0.2,
}  # fmt: skip
SPARE = {
    "kind": "ppo", "clipLow": 0.1, "clipHigh": 0.1, "beta": 0.1, "kl": "k1", "entropy": 0.0, "importanceCap": 1.3,
    "valueCoefficient": 0.7,
}  # fmt: skip


def golden_gae(generator: torch.Generator) -> list[dict]:
    """Episodes of several lengths, ended and broken off, for corners and the inside of (gamma, lambda)."""
    cases = []
    for gamma, lam in [(1.0, 1.0), (1.0, 0.0), (0.0, 0.7), (0.99, 0.95), (0.9, 0.5)]:
        for length, bootstrap in [(1, 0.0), (5, 0.0), (4, 1.5)]:
            rewards = torch.randn(length, generator=generator, dtype=torch.float64)
            values = torch.randn(length, generator=generator, dtype=torch.float64)
            following = torch.cat([values[1:], torch.tensor([bootstrap], dtype=torch.float64)])
            deltas = rewards + gamma * following - values
            advantages = torch.stack(
                [
                    sum((gamma * lam) ** later * deltas[turn + later] for later in range(length - turn))
                    for turn in range(length)
                ]
            )
            cases.append(
                {
                    "gamma": gamma,
                    "lambda": lam,
                    "bootstrap": bootstrap,
                    "rewards": rewards.tolist(),
                    "values": values.tolist(),
                    "advantages": advantages.tolist(),
                    "returns": (advantages + values).tolist(),
                }
            )
    return cases


def states_and_logits(model, prompt: list[int], completion: list[int]) -> tuple[torch.Tensor, torch.Tensor]:
    """What predicts each completion token: the last hidden states, which the network gives after its final norm, and logits."""
    found = model(torch.tensor([prompt + completion]), use_cache=False, output_hidden_states=True)
    rows = slice(len(prompt) - 1, -1)
    states, logits = found.hidden_states[-1][0, rows], found.logits[0, rows]
    assert torch.allclose(model.get_output_embeddings()(states), logits, atol=1e-12), "not the states that logits are made from"
    return states, logits


def draw_values(model, head: torch.nn.Linear, groups: list[dict], generator: torch.Generator) -> None:
    """Gives every token a value of before and a return, and a log-probability that the sampler may have had."""
    for group in groups:
        for c in group["completions"]:
            with torch.no_grad():
                value = head(states_and_logits(model, group["prompt"], c["tokens"])[0])[:, 0]
            noise = torch.randn(3, len(c["tokens"]), generator=generator, dtype=torch.float64)
            c["values"] = value.tolist()
            c["oldValues"] = as_f32(value + 0.4 * noise[0])
            c["returns"] = as_f32(value + 0.8 * noise[1])
            c["samplerLogprobs"] = as_f32(torch.tensor(c["oldLogprobs"], dtype=torch.float64) + 0.3 * noise[2])


def far_from(values: torch.Tensor, *edges: float) -> None:
    """f32 must not fall on another side of an edge than float64 does."""
    assert (values[:, None] - torch.tensor(edges)).abs().min() > 1e-4, "too near an edge: take another seed"


def ppo_loss(model, head: torch.nn.Linear, groups: list[dict], objective: dict):
    """Loss, the value's part of it before its coefficient, and which pieces of the formula were reached how often."""
    tokens = token_count(groups)
    completions = sum(len(group["completions"]) for group in groups)
    policy, value_loss = torch.zeros((), dtype=torch.float64), torch.zeros((), dtype=torch.float64)
    reached = dict.fromkeys(["clippedLow", "clippedHigh", "valueClipCounts", "valueClipDoesNot", "importanceCapped"], 0)
    for group in groups:
        for c in group["completions"]:
            states, logits = states_and_logits(model, group["prompt"], c["tokens"])
            logp, entropy = scores(logits, c["tokens"], TEMPERATURE)
            old, ref, sampler, v_old, target = (
                torch.tensor(c[name], dtype=torch.float64)
                for name in ("oldLogprobs", "refLogprobs", "samplerLogprobs", "oldValues", "returns")
            )
            advantage = c["advantage"]
            ratio = torch.exp(logp - old)
            bounded = ratio.clamp(1 - objective["clipLow"], 1 + objective["clipHigh"])
            far_from(ratio, 1 - objective["clipLow"], 1 + objective["clipHigh"])
            surrogate = torch.minimum(ratio * advantage, bounded * advantage)
            if "importanceCap" in objective:
                importance = torch.exp(old - sampler)
                far_from(importance, objective["importanceCap"])
                reached["importanceCapped"] += int((importance > objective["importanceCap"]).sum())
                surrogate = surrogate * importance.clamp(max=objective["importanceCap"])
            acts = bounded * advantage < ratio * advantage
            reached["clippedLow"] += int((acts & (ratio < 1)).sum())
            reached["clippedHigh"] += int((acts & (ratio > 1)).sum())
            difference = ref - logp
            kl = torch.exp(difference) - difference - 1 if objective["kl"] == "k3" else -difference
            terms = -surrogate + objective["beta"] * kl - objective["entropy"] * entropy
            policy = policy + terms.sum() / tokens

            value = head(states)[:, 0]
            error = (value - target) ** 2
            if "valueClip" in objective:
                moved = value - v_old
                far_from(moved, -objective["valueClip"], objective["valueClip"])
                clipped = (v_old + moved.clamp(-objective["valueClip"], objective["valueClip"]) - target) ** 2
                outside = moved.abs() > objective["valueClip"]
                assert ((clipped - error).abs()[outside] > 1e-4).all(), "two errors so near that f32 may choose the other"
                reached["valueClipCounts"] += int((outside & (clipped > error)).sum())
                reached["valueClipDoesNot"] += int((outside & (clipped < error)).sum())
                value_loss = value_loss + 0.5 * torch.maximum(error, clipped).sum() / tokens
            else:
                value_loss = value_loss + 0.5 * error[0] / completions
    return policy + objective["valueCoefficient"] * value_loss, value_loss, reached


def write_case(name: str, stock, seed: int) -> None:
    folder = OUT / name
    generator = torch.Generator().manual_seed(seed)
    model = in_float64(stock, 62)
    # float32 first: what the engine is given is what PyTorch was given.
    head = torch.nn.Linear(model.config.hidden_size, 1)
    with torch.no_grad():
        head.weight.copy_(0.3 * torch.randn(head.weight.shape, generator=generator))
        head.bias.copy_(0.3 * torch.randn(1, generator=generator))
    head.to(torch.float64)
    groups = json.loads((folder / "golden.json").read_text())["groups"]
    draw_values(model, head, groups, generator)

    both = torch.nn.ModuleDict({"policy": model, "value_head": head})
    answers = []
    for objective in (WHOLE, SPARE):
        loss, value_loss, reached = ppo_loss(model, head, groups, objective)
        found, norm = gradients(both, loss)
        if objective is WHOLE:
            named = {file_name(key.removeprefix("policy.")): gradient for key, gradient in found.items()}
            save_file(named, folder / "gradients.ppo.safetensors")
        results = {"loss": loss.item(), "valueLoss": value_loss.item(), "gradNorm": norm, "reached": reached}
        answers.append({"objective": objective, **results})
        absent = ["importanceCapped"] if objective is WHOLE else ["valueClipCounts", "valueClipDoesNot"]
        assert all(reached[key] > 0 for key in reached if key not in absent), f"{name}: {reached}: take another seed"
        print(f"{name}: {results}")
    kept = ("values", "oldValues", "returns", "samplerLogprobs")
    golden = {
        "about": "Written by scripts/golden/ppo.py; conventions are stated there.",
        "temperature": TEMPERATURE,
        "head": {"value_head.weight": head.weight[0].tolist(), "value_head.bias": head.bias.tolist()},
        "groups": [[{key: c[key] for key in kept} for c in group["completions"]] for group in groups],
        "answers": answers,
    }
    (folder / "ppo.json").write_text(json.dumps(round_values(golden), separators=(",", ":")) + "\n")


def round_values(golden: dict) -> dict:
    """As answers.rounded, but for what the engine is given, which f32 holds exactly as it is."""
    exact = ("oldValues", "returns", "samplerLogprobs")
    groups = [[{k: v if k in exact else rounded(v) for k, v in c.items()} for c in group] for group in golden["groups"]]
    return {**golden, "groups": groups, "answers": rounded(golden["answers"])}


def main() -> None:
    torch.use_deterministic_algorithms(True)
    GAE_OUT.parent.mkdir(parents=True, exist_ok=True)
    about = "Written by scripts/golden/ppo.py; conventions are stated there."
    cases = golden_gae(torch.Generator().manual_seed(20401))
    GAE_OUT.write_text(json.dumps({"about": about, "cases": cases}, indent=1) + "\n")
    write_case("smollm2", load(OUT / "smollm2"), 20402)
    write_case("lora", trainable(OUT / "lora", OUT / "lora" / "adapter"), 20403)


if __name__ == "__main__":
    main()
