/** What a user may ask that no tool of the quickstart answers. Written as tools that are never offered. */
import { type Parameter, type ToolSpec, value } from "../toolSpec.ts";
import { countryName } from "../values/closed.ts";
import { city, dish, firstName, fullName, label, topic } from "../values/names.ts";

function talk(name: string, parameters: Parameter[], phrasings: string[], heldOut: string[]): ToolSpec {
  return { name, description: "", parameters, phrasings, heldOut, again: [], heldOutAgain: [] };
}

export const smallTalk: readonly ToolSpec[] = [
  talk(
    "joke",
    [value("topic", topic)],
    ["Tell me a joke about {topic}.", "Do you know a joke about the {topic}?", "Make me laugh about {topic}."],
    ["Do you know a good joke about {topic}?"],
  ),
  talk(
    "biography",
    [value("person", fullName)],
    ["Who is {person}?", "How old is {person}?", "Where was {person} born?"],
    ["Tell me who {person} is."],
  ),
  talk(
    "poem",
    [value("person", firstName)],
    ["Write a poem for {person}.", "I want a poem about {person}.", "Make up a story for {person}."],
    ["Make up a poem for {person}."],
  ),
  talk(
    "geography",
    [value("city", city)],
    ["How many people live in {city}?", "Who is the mayor of {city}?", "Which river is in {city}?"],
    ["Which people live in {city}?"],
  ),
  talk(
    "opinion",
    [value("dish", dish)],
    ["Do you like {dish}?", "Is {dish} healthy?", "What do you think of {dish}?"],
    ["Do you think {dish} is healthy?"],
  ),
  talk(
    "capital",
    [value("country", countryName), value("person", firstName)],
    [
      "{person} asks: what is the capital of {country}?",
      "Which language do they speak in {country}? {person} wants to know.",
      "Tell {person} why {country} is nice.",
    ],
    ["{person} wants to know the capital of {country}."],
  ),
  talk(
    "advice",
    [value("thing", label)],
    ["Should I buy a new {thing}?", "Why is the {thing} so old?", "How does a {thing} work?"],
    ["Why should I buy a {thing}?"],
  ),
  talk(
    "greeting",
    [value("person", firstName)],
    ["Hello, I am {person}. How are you?", "My name is {person}. What is yours?", "Good morning from {person}!"],
    ["Hello from {person}! How are you?"],
  ),
];
