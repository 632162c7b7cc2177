# "I am home already": the caller is asked whether the calls should stop. Nothing is stopped before.
caller sends: позвоните
caller gets: Здравствуйте. Можно вам позвонить?⏎1 Да 0 Нет
caller sends: я уже дома
caller gets: Хорошо. Отменить все наши звонки?⏎1 Да 0 Нет
caller sends: нет
caller gets: Хорошо, всё как было. Нужен звонок: пишите ПОЗВОНИТЕ, не нужен: СТОП.
# In danger, and 1 stops all calls.
other sends: меня бьют
other gets: Здравствуйте. Можно вам позвонить?⏎1 Да 0 Нет
other sends: я уже дома
other gets: Хорошо. Отменить все наши звонки?⏎1 Да 0 Нет
other sends: 1
other gets: Хорошо. Мы не потревожим.
# About somebody close.
third sends: семья
third gets: Здравствуйте. Позвонить о том, что вас тревожит?⏎1 Да 2 Срочно 0 Нет
third sends: я уже дома
third gets: Хорошо. Отменить все наши звонки?⏎1 Да 0 Нет
third sends: 0
third gets: Хорошо, всё как было. Нужен звонок: пишите ПОЗВОНИТЕ, не нужен: СТОП.
# About somebody close in danger.
fourth sends: семья
fourth gets: Здравствуйте. Позвонить о том, что вас тревожит?⏎1 Да 2 Срочно 0 Нет
fourth sends: мою дочь заперли
fourth gets: Здравствуйте. Позвонить о том, что вас тревожит?⏎1 Да 0 Нет
fourth sends: я уже дома
fourth gets: Хорошо. Отменить все наши звонки?⏎1 Да 0 Нет
fourth sends: да
fourth gets: Хорошо. Мы не потревожим.
