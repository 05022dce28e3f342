import { type DomainSpec, list, maybe, value } from "../toolSpec.ts";
import { choice, country, flag, topping } from "../values/closed.ts";
import { brand, dish, fullName } from "../values/names.ts";
import { count, idWithPrefix, time, weight } from "../values/quantities.ts";

export const food: DomainSpec = {
  name: "food",
  tools: [
    {
      name: "book_table",
      description: "Book a restaurant table",
      parameters: [value("restaurant", brand), value("people", count(1, 12)), value("time", time)],
      phrasings: [
        "Book a table for {people} at {restaurant} at {time}.",
        "Reserve a table at {restaurant} for {people} people at {time}.",
        "We are {people} people and want to eat at {restaurant} at {time}.",
        "I need a table at {restaurant} at {time} for {people}.",
        "Get us a table for {people} at the restaurant {restaurant}, {time}.",
        "At {time} we want to eat at {restaurant}, {people} people. Book it.",
        "Please reserve {people} seats at {restaurant} for {time}.",
        "Can you book {restaurant} for {people} people at {time}?",
      ],
      heldOut: [
        "Please book {people} seats at the restaurant {restaurant} at {time}.",
        "We want a table at {restaurant} for {people} people at {time}.",
        "Can you reserve a table for {people} at {restaurant}, {time}?",
      ],
      again: [
        "And one at {restaurant} for {people} at {time}.",
        "Also a table for {people} at {restaurant} at {time}.",
      ],
      heldOutAgain: ["Then reserve {restaurant} for {people} at {time}."],
    },
    {
      name: "order_food",
      description: "Order a dish",
      parameters: [value("dish", dish), value("quantity", count(1, 9)), list("extras", topping, 1, 2)],
      phrasings: [
        "Order {quantity} {dish} with {extras}.",
        "I want {quantity} {dish} with extra {extras}.",
        "Bring us {quantity} {dish} with {extras}.",
        "We take {quantity} times the {dish} with {extras}.",
        "Can I get {quantity} {dish} with {extras}?",
        "Please order {quantity} {dish}, with {extras} on top.",
        "{quantity} {dish} with {extras}, please.",
        "I am hungry. Order {quantity} {dish} with {extras}.",
      ],
      heldOut: [
        "Bring me {quantity} {dish} with extra {extras}, please.",
        "Can we get {quantity} {dish} with {extras} on top?",
        "I take {quantity} times the {dish}, with {extras}.",
      ],
      again: ["And {quantity} {dish} with {extras}.", "Also {quantity} {dish} with {extras}."],
      heldOutAgain: ["Then {quantity} {dish} with extra {extras}."],
    },
    {
      name: "track_order",
      description: "Where an order is",
      parameters: [value("order", idWithPrefix("ORD", "order"))],
      phrasings: [
        "Where is my order {order}?",
        "Track order {order}.",
        "When does order {order} arrive?",
        "What happened to order {order}?",
        "Is order {order} on its way?",
        "Tell me where order number {order} is.",
        "I wait for order {order}. Where is it?",
        "Please track my order {order}.",
      ],
      heldOut: [
        "Tell me when order {order} does arrive.",
        "I wait for my order number {order}. Is it on its way?",
        "Please tell me what happened to order {order}.",
      ],
      again: ["And order {order}.", "Also track {order}."],
      heldOutAgain: ["Then where is order {order}?"],
    },
    {
      name: "find_recipe",
      description: "Find a recipe",
      parameters: [value("dish", dish), maybe("diet", choice("vegan", "vegetarian")), maybe("servings", count(2, 12))],
      phrasings: [
        "Find a[diet: {diet}] recipe for {dish}[servings: for {servings} people].",
        "How do I cook[diet: {diet}] {dish}[servings: for {servings}]?",
        "I want to cook[diet: {diet}] {dish}[servings: for {servings} people]. Find a recipe.",
        "Give me a[diet: {diet}] {dish} recipe[servings: for {servings}].",
        "Show me how to make[diet: {diet}] {dish}[servings: for {servings} people].",
        "Look for a recipe of[diet: {diet}] {dish}[servings:, {servings} servings].",
        "What do I need to cook[diet: {diet}] {dish}[servings: for {servings} people]?",
        "Which[diet: {diet}] recipe is there for {dish}[servings:, {servings} servings]?",
      ],
      heldOut: [
        "Look for a[diet: {diet}] {dish} recipe[servings:, {servings} servings].",
        "How do I make[diet: {diet}] {dish}[servings: for {servings} people]?",
        "I need a recipe for[diet: {diet}] {dish}[servings: for {servings}].",
      ],
      again: [
        "And a[diet: {diet}] one for {dish}[servings: for {servings} people].",
        "Also a[diet: {diet}] recipe for {dish}[servings: for {servings}].",
      ],
      heldOutAgain: ["Then a[diet: {diet}] {dish} recipe[servings: for {servings}]."],
    },
    {
      name: "ship_parcel",
      description: "Ship a parcel",
      parameters: [value("to", fullName), value("country", country), value("kilos", weight), maybe("insured", flag)],
      phrasings: [
        "Ship a parcel of {kilos} kilos to {to} in {country}[insured:, insured].",
        "Send {to} in {country} a parcel of {kilos} kilos[insured:, insured].",
        "I have[insured: an insured] {kilos} kilos for {to} in {country}. Ship the parcel.",
        "A parcel of {kilos} kilos goes to {to}, {country}[insured:, insured].",
        "Post {kilos} kilos to {to} in {country}[insured: with insurance].",
        "Please ship {kilos} kilos to {to}, {country}[insured:, with insurance].",
        "My parcel for {to} in {country} has {kilos} kilos. Ship it[insured: insured].",
        "To {to} in {country}: a parcel of {kilos} kilos[insured: with insurance].",
      ],
      heldOut: [
        "Please send a parcel of {kilos} kilos to {to} in {country}[insured: with insurance].",
        "I want to ship {kilos} kilos to {to} in {country}[insured:, insured].",
        "Post a parcel to {to}, {country}. It has {kilos} kilos[insured:, with insurance].",
      ],
      again: [
        "And {kilos} kilos to {to} in {country}[insured:, insured].",
        "Also {kilos} kilos for {to} in {country}[insured: with insurance].",
      ],
      heldOutAgain: ["Then ship {kilos} kilos to {to}, {country}[insured:, insured]."],
    },
  ],
};
