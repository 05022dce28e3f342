"""Which records of the corpus are rendered, and how each set's records become messages and tools.

server/prompts/testing/corpusPrompts.ts reads them the same way; the golden answers name records and hold hashes alone.
"""

import json
import pathlib

# Set, its files, and how many records of each file, evenly spaced; 0 takes all.
SELECTION = [
    ("bfcl", "bfcl/question/*.json", 14),
    ("tau", "tau-bench/historical_gpt-4o-airline.first40.json", 40),
    ("glaive", "llama-factory/glaive_toolcall_*_demo.json", 60),
    ("reasoning", "llama-factory/reason_tool_use_demo_50.jsonl", 50),
    ("plain", "trl/toolcall_*.jsonl", 8),
    ("toolrl", "toolrl/rlla_4k.test.jsonl", 20),
    ("hammer", "hammer/original/*.json", 5),
    ("swift", "ms-swift/agent_samples.jsonl", 2),
    ("plain", "mistral-finetune/readme_function_calling.json", 1),
    ("mcp", "mcp/tools-list/*.json", 1),
    ("tools", "qwen-agent/*.json", 1),
]
MOST = 500
QUESTION = "Which of these would you use, and why?"


def records(file: pathlib.Path) -> list:
    text = file.read_text(encoding="utf-8")
    try:
        value = json.loads(text)
    except json.JSONDecodeError:
        return [json.loads(line) for line in text.split("\n") if line.strip()]
    return value if isinstance(value, list) and file.parent.name != "qwen-agent" else [value]


def selected(corpus: pathlib.Path) -> list[dict]:
    chosen = []
    for kind, pattern, count in SELECTION:
        for file in sorted(corpus.glob(pattern)):
            total = len(records(file))
            number = min(count, total)
            chosen += [
                {"set": kind, "file": file.relative_to(corpus).as_posix(), "record": index * total // number}
                for index in range(number)
            ]
    return chosen[:MOST]


def functions(tools: list) -> list:
    return [tool if "function" in tool else {"type": "function", "function": tool} for tool in tools]


def call(text: str) -> dict:
    return {"role": "assistant", "content": "", "tool_calls": [{"type": "function", "function": json.loads(text)}]}


def glaive(turn: dict) -> dict:
    if turn["from"] == "function_call":
        return call(turn["value"])
    roles = {"human": "user", "gpt": "assistant", "observation": "tool"}
    return {"role": roles.get(turn["from"], turn["from"]), "content": turn["value"]}


def swift(message: dict) -> dict:
    if message["role"] == "tool_call":
        return call(message["content"])
    return {"role": message["role"].replace("tool_response", "tool"), "content": message["content"]}


def reasoning(message: dict) -> dict:
    texts = {"text": "", "reasoning": ""}
    calls = []
    for block in message["content"]:
        if block["type"] == "tool_call":
            calls.append({"type": "function", "function": json.loads(block["value"])})
        else:
            texts[block["type"]] += block["value"]
    role = message["role"].replace("observation", "tool")
    made = {"role": role, "content": texts["text"]}
    if texts["reasoning"]:
        made["reasoning_content"] = texts["reasoning"]
    if calls:
        made["tool_calls"] = calls
    return made


def conversation(corpus: pathlib.Path, kind: str, record) -> tuple[list, list]:
    """Messages and tools of one record."""
    if kind == "bfcl":
        return [message for turn in record["question"] for message in turn], functions(record.get("function", []))
    if kind == "tau":
        return record["traj"], json.loads((corpus / "tau-bench/airline_tools.json").read_text(encoding="utf-8"))
    if kind == "glaive":
        return [glaive(turn) for turn in record["conversations"]], functions(json.loads(record["tools"]))
    if kind == "reasoning":
        return [reasoning(message) for message in record["messages"]], functions(json.loads(record["tools"]))
    if kind == "plain":
        return record.get("messages", record.get("prompt")), record["tools"]
    if kind == "toolrl":
        return record["prompt"], []
    if kind == "hammer":
        query = record["query"]
        turns = query if isinstance(query, list) else [{"role": "user", "content": query}]
        messages = [{**turn, "role": turn["role"].replace("agent", "assistant")} for turn in turns]
        return messages, functions(record["tools"])
    if kind == "swift":
        return [swift(message) for message in record["messages"]], json.loads(record["tools"])
    tools = record["result"]["tools"] if kind == "mcp" else record
    return [{"role": "user", "content": QUESTION}], functions(tools)
