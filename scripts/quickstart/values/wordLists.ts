/** Word lists the free values are drawn from. Each word belongs to one part of the data (partition.ts). */

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

export const cities = words(`
  Paris Rome Berlin Madrid Lisbon Vienna Prague Dublin Oslo Helsinki Warsaw Athens Budapest Zagreb Sofia Riga Tallinn
  Vilnius Brussels Geneva Zurich Basel Lyon Nice Bordeaux Toulouse Marseille Milan Turin Naples Venice Florence Bologna
  Palermo Seville Valencia Granada Bilbao Porto Hamburg Munich Cologne Dresden Leipzig Bremen Stuttgart Salzburg Graz
  Krakow Gdansk Bergen Malmo Aarhus Utrecht Rotterdam Ghent Antwerp Glasgow Leeds Bristol Cardiff Belfast Cork London
  Boston Chicago Denver Seattle Portland Austin Dallas Houston Phoenix Atlanta Miami Orlando Detroit Memphis Toronto
  Montreal Ottawa Calgary Vancouver Havana Lima Bogota Quito Santiago Montevideo Recife Salvador Brasilia Cairo Tunis
  Rabat Dakar Accra Lagos Nairobi Kampala Lusaka Harare Pretoria Durban Istanbul Ankara Beirut Amman Doha Dubai Muscat
  Tehran Tbilisi Baku Delhi Mumbai Chennai Kolkata Dhaka Colombo Bangkok Hanoi Manila Jakarta Singapore Taipei Seoul
  Busan Tokyo Osaka Kyoto Nagoya Sapporo Sydney Melbourne Perth Adelaide Brisbane Auckland Wellington
`);

export const firstNames = words(`
  Anna Ben Clara David Emma Felix Greta Hugo Ida Jonas Karla Leo Maria Nils Olga Paul Rosa Simon Tina Viktor Wanda Yara
  Zoe Adam Alice Amir Andrea Boris Bruno Carla Carlos Cecilia Cyril Dana Daria Diego Dora Edith Elena Elias Emil Eric
  Esther Eva Fatima Finn Flora Frank Gina Gloria Hana Harold Helen Henry Hilda Ines Irene Isaac Ivan Jack Jana Jasmin
  Joel Judith Julia Karim Kate Kenji Laila Lara Laura Lena Liam Linda Lola Louis Lucas Lucy Luna Magda Marco Martin Mateo
  Max Maya Mila Mina Miro Nadia Naomi Nico Nina Noah Nora Omar Oscar Otto Pablo Petra Philip Priya Rafael Ravi Rita Robert
  Robin Ruben Ruth Samir Sandra Sara Sven Tamara Tariq Theo Thomas Tom Ursula Vera Victor Walter Yusuf
`);

export const lastNames = words(`
  Keller Meyer Novak Rossi Silva Costa Lopez Garcia Moreau Dubois Laurent Petit Jansen Visser Bakker Larsen Hansen Berg
  Lind Nyman Virtanen Kowalski Wozniak Horvat Kovacs Nagy Popescu Ionescu Petrov Ivanova Sokolov Papadakis Demir Yilmaz
  Haddad Nassar Cohen Levy Mizrahi Farouk Okafor Mensah Diallo Traore Abebe Kamau Moyo Dlamini Patel Sharma Gupta Reddy
  Khan Rahman Perera Nguyen Tran Santos Reyes Tanaka Suzuki Sato Kimura Park Chen Wang Zhang Murphy Kelly Walsh Clark
  Evans Hughes Morgan Turner Cooper Baker Carter Foster Harris Hunter Mason Palmer Parker Porter Sutton Weaver Becker
  Fischer Vogel Schubert Winter Sommer Brandt Lorenz Steiner Gruber Huber Moser Ferrari Conti Greco Marino Bruno Vidal
  Ortega Romero Navarro Castillo Delgado Herrera Medina Vega Molina
`);

export const labels = words(`
  login billing printer network email mobile server backup refund export import search theme layout keyboard camera
  battery sensor router license payroll shipping stock coupon account profile password invite calendar upload download
  update install crash timeout memory screen video audio chat form table chart filter report audit contract delivery
  storage cable monitor scanner website checkout voucher parking badge visitor cleaning heating elevator
`);

export const topicFirst = words(`
  budget project garden summer winter team client market product school family travel health music sales safety office
  history energy water design story quality spring customer research partner weekly monthly morning evening birthday
`);

export const topicSecond = words(`
  plan report meeting review party lesson survey concert offer course visit update workshop dinner call trip lunch
  budget contest schedule brief summary interview exam launch picnic debate lecture rehearsal ceremony
`);

export const ingredients = words(`
  tomato potato mushroom chicken salmon spinach pumpkin lentil bean cheese onion garlic carrot pepper rice noodle lemon
  apple cherry chocolate coconut walnut beef tuna turkey egg corn cabbage broccoli avocado mango ginger shrimp olive
`);

export const dishes = words(
  "soup salad curry pie stew cake pasta pizza burger wrap bowl omelet tart roast sandwich pancake",
);
