# "I am home already", and the other answer: 1 stops all calls, and in danger 0 changes nothing. In Russian.
caller sends: позвоните
caller gets: Здравствуйте. Можно вам позвонить?⏎1 Да 0 Нет
caller sends: я уже дома
caller gets: Хорошо. Отменить все наши звонки?⏎1 Да 0 Нет
caller sends: 1
caller gets: Хорошо. Мы не потревожим.
other sends: меня бьют
other gets: Здравствуйте. Можно вам позвонить?⏎1 Да 0 Нет
other sends: я уже дома
other gets: Хорошо. Отменить все наши звонки?⏎1 Да 0 Нет
other sends: 0
other gets: Хорошо, всё как было. Нужен звонок: пишите ПОЗВОНИТЕ, не нужен: СТОП.
third sends: семья
third gets: Здравствуйте. Позвонить о том, что вас тревожит?⏎1 Да 2 Срочно 0 Нет
third sends: я уже дома
third gets: Хорошо. Отменить все наши звонки?⏎1 Да 0 Нет
third sends: 1
third gets: Хорошо. Мы не потревожим.
fourth sends: семья
fourth gets: Здравствуйте. Позвонить о том, что вас тревожит?⏎1 Да 2 Срочно 0 Нет
fourth sends: мою дочь заперли
fourth gets: Здравствуйте. Позвонить о том, что вас тревожит?⏎1 Да 0 Нет
fourth sends: я уже дома
fourth gets: Хорошо. Отменить все наши звонки?⏎1 Да 0 Нет
fourth sends: 0
fourth gets: Хорошо, всё как было. Нужен звонок: пишите ПОЗВОНИТЕ, не нужен: СТОП.
