country TJ
# LANGUAGE in each kind of dialogue, in Tajik: a plain one, one of a family, one in danger, and a family in danger. The
# next text is the same question in the chosen language, and a family stays a family (R25).
caller sends: занг занед
caller gets: Салом. Мешавад ба шумо занг занем?⏎1 Ҳа 0 Не
caller sends: забон
caller gets: Забон?⏎1 Тоҷикӣ⏎2 Русский⏎3 Ўзбекча⏎4 English⏎5 Кыргызча
caller sends: 2
caller gets: Здравствуйте. Можно вам позвонить?⏎1 Да 0 Нет
other sends: оила
other gets: Салом. Дар бораи ташвишатон ба шумо занг занем?⏎1 Ҳа 2 Таъҷилӣ 0 Не
other sends: забон
other gets: Забон?⏎1 Тоҷикӣ⏎2 Русский⏎3 Ўзбекча⏎4 English⏎5 Кыргызча
other sends: 2
other gets: Здравствуйте. Позвонить о том, что вас тревожит?⏎1 Да 2 Срочно 0 Нет
third sends: хатар
third gets: Салом. Мешавад ба шумо занг занем?⏎1 Ҳа 0 Не
third sends: забон
third gets: Забон?⏎1 Тоҷикӣ⏎2 Русский⏎3 Ўзбекча⏎4 English⏎5 Кыргызча
third sends: 2
third gets: Здравствуйте. Можно вам позвонить?⏎1 Да 0 Нет
third sends: 1
third gets: Когда удобно?⏎1 В ближайшие 2 часа 2 Позже 0 Нет
fourth sends: оила
fourth gets: Салом. Дар бораи ташвишатон ба шумо занг занем?⏎1 Ҳа 2 Таъҷилӣ 0 Не
fourth sends: духтарамро қулф карданд
fourth gets: Салом. Дар бораи ташвишатон ба шумо занг занем?⏎1 Ҳа 0 Не
fourth sends: забон
fourth gets: Забон?⏎1 Тоҷикӣ⏎2 Русский⏎3 Ўзбекча⏎4 English⏎5 Кыргызча
fourth sends: 2
fourth gets: Здравствуйте. Позвонить о том, что вас тревожит?⏎1 Да 0 Нет
fourth sends: 0
fourth gets: Хорошо, всё как было. Нужен звонок: пишите ПОЗВОНИТЕ, не нужен: СТОП.
