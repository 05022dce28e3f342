import { type DomainSpec, maybe, value } from "../toolSpec.ts";
import { choice, flag, temperatureUnit } from "../values/closed.ts";
import { city } from "../values/names.ts";
import { count, date, time } from "../values/quantities.ts";

export const travel: DomainSpec = {
  name: "travel",
  tools: [
    {
      name: "get_weather",
      description: "Weather in a city",
      parameters: [value("city", city), value("unit", temperatureUnit)],
      phrasings: [
        "What is the weather in {city} in {unit}?",
        "How warm is it in {city}? Use {unit}.",
        "Tell me the weather in {city}, in {unit}.",
        "I need the weather for {city} in {unit}.",
        "How is the weather in {city} right now? Give it in {unit}.",
        "Show me the {unit} temperature in {city}.",
        "Is it cold in {city}? Answer in {unit}.",
        "Get the weather of {city} in {unit}, please.",
        "Please check the temperature in {city} in {unit}.",
      ],
      heldOut: [
        "In {unit}, how cold is it in {city}?",
        "Please tell me how warm {city} is in {unit}.",
        "Check the weather for {city} and use {unit}.",
      ],
      again: ["And the same for {city} in {unit}.", "Also tell me about {city} in {unit}."],
      heldOutAgain: ["And how is it in {city}, in {unit}?"],
    },
    {
      name: "find_flights",
      description: "Search flights on a day",
      parameters: [
        value("from", city),
        value("to", city),
        value("date", date),
        maybe("cabin", choice("economy", "business")),
      ],
      phrasings: [
        "Find flights from {from} to {to} on {date}[cabin: in {cabin} class].",
        "I want to fly from {from} to {to} on {date}[cabin:, {cabin} class].",
        "Which flights go from {from} to {to} on {date}[cabin: in {cabin}]?",
        "Show me[cabin: {cabin}] flights to {to} from {from} on {date}.",
        "Search a[cabin: {cabin}] flight from {from} to {to} for {date}.",
        "I need to get to {to} from {from} by plane on {date}[cabin: in {cabin} class].",
        "Are there[cabin: {cabin}] flights on {date} from {from} to {to}?",
        "On {date} I fly from {from} to {to}[cabin: in {cabin}]. Find a flight.",
      ],
      heldOut: [
        "Search[cabin: {cabin}] flights on {date} that go from {from} to {to}.",
        "I need a flight to {to} on {date}, from {from}[cabin:, in {cabin} class].",
        "Can I fly from {from} to {to} on {date}[cabin: in {cabin}]?",
      ],
      again: [
        "And from {from} to {to} on {date}[cabin: in {cabin}].",
        "Then also from {from} to {to} on {date}[cabin:, {cabin}].",
      ],
      heldOutAgain: ["Also to {to} from {from} on {date}[cabin:, {cabin} class]."],
    },
    {
      name: "book_hotel",
      description: "Book a hotel room",
      parameters: [
        value("city", city),
        value("check_in", date),
        value("nights", count(1, 9)),
        maybe("breakfast", flag),
      ],
      phrasings: [
        "Book a hotel in {city} from {check_in} for {nights} nights[breakfast: with breakfast].",
        "I need a hotel room in {city} for {nights} nights from {check_in}[breakfast:, with breakfast].",
        "Reserve {nights} nights in a hotel in {city}, arriving {check_in}[breakfast:, breakfast included].",
        "Get me a hotel in {city} on {check_in} for {nights} nights[breakfast: and breakfast].",
        "We arrive in {city} on {check_in} and stay {nights} nights. Book a hotel[breakfast: with breakfast].",
        "Find us a room in {city} for {nights} nights starting {check_in}[breakfast:, breakfast too].",
        "Please book {nights} hotel nights in {city} from {check_in}[breakfast: with breakfast].",
        "From {check_in} I stay in {city} for {nights} nights. Reserve a hotel[breakfast: with breakfast].",
      ],
      heldOut: [
        "Please reserve a hotel room in {city} on {check_in} for {nights} nights[breakfast:, breakfast included].",
        "I stay {nights} nights in {city}, arriving {check_in}. Get a hotel[breakfast: with breakfast].",
        "Book us a room in a {city} hotel, {nights} nights from {check_in}[breakfast:, with breakfast].",
      ],
      again: [
        "And {nights} nights in {city} from {check_in}[breakfast: with breakfast].",
        "Then also book {city} from {check_in} for {nights} nights[breakfast: with breakfast].",
      ],
      heldOutAgain: ["Also {city} on {check_in} for {nights} nights[breakfast: and breakfast]."],
    },
    {
      name: "rent_car",
      description: "Rent a car",
      parameters: [value("city", city), value("days", count(1, 14)), maybe("size", choice("small", "medium", "large"))],
      phrasings: [
        "Rent a[size: {size}] car in {city} for {days} days.",
        "I need a[size: {size}] car in {city} for {days} days.",
        "Get me a[size: {size}] rental car for {days} days in {city}.",
        "For {days} days I want a[size: {size}] car in {city}.",
        "Please book a[size: {size}] car for {days} days in {city}.",
        "Can you rent me a[size: {size}] car in {city}? I keep it {days} days.",
        "We want to rent a[size: {size}] car for {days} days, starting in {city}.",
        "In {city} I need a[size: {size}] rental car, {days} days.",
      ],
      heldOut: [
        "Can you get us a[size: {size}] car for {days} days in {city}?",
        "I want to rent a[size: {size}] car, {days} days in {city}.",
        "Book me a[size: {size}] rental car in {city}. I need it for {days} days.",
      ],
      again: [
        "And a[size: {size}] car in {city} for {days} days.",
        "Also a[size: {size}] one for {days} days in {city}.",
      ],
      heldOutAgain: ["Then a[size: {size}] one in {city}, {days} days."],
    },
    {
      name: "train_times",
      description: "Trains after a time of day",
      parameters: [value("from", city), value("to", city), value("after", time)],
      phrasings: [
        "Which trains go from {from} to {to} after {after}?",
        "Show trains from {from} to {to} leaving after {after}.",
        "When is the next train from {from} to {to} after {after}?",
        "I want a train to {to} from {from}, not before {after}.",
        "Find a train from {from} to {to} after {after}.",
        "After {after} I take the train from {from} to {to}. Which one?",
        "Tell me the train times from {from} to {to} after {after}.",
        "Are there trains after {after} from {from} to {to}?",
      ],
      heldOut: [
        "Which train to {to} is leaving {from} after {after}?",
        "After {after}, when is a train from {from} to {to}?",
        "Show me a train that goes to {to} from {from} after {after}.",
      ],
      again: ["And from {from} to {to} after {after}.", "Then from {from} to {to}, after {after}."],
      heldOutAgain: ["Also trains to {to} from {from} after {after}."],
    },
  ],
};
