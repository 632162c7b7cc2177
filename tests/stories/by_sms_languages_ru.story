country KZ
# LANGUAGE in each kind of dialogue, in Russian: a plain one, one of a family, one in danger, and a family in danger. The
# next text is the same question in the chosen language, and a family stays a family (R25).
caller sends: позвоните
caller gets: Здравствуйте. Можно вам позвонить?⏎1 Да 0 Нет
caller sends: язык
caller gets: Язык?⏎1 Қазақша⏎2 Русский⏎3 Ўзбекча⏎4 English⏎5 Кыргызча⏎9 Ещё
caller sends: 1
caller gets: Сәлеметсіз бе. Сізге қоңырау шалсақ бола ма?⏎1 Иә 0 Жоқ
other sends: семья
other gets: Здравствуйте. Позвонить о том, что вас тревожит?⏎1 Да 2 Срочно 0 Нет
other sends: язык
other gets: Язык?⏎1 Қазақша⏎2 Русский⏎3 Ўзбекча⏎4 English⏎5 Кыргызча⏎9 Ещё
other sends: 1
other gets: Сәлеметсіз бе. Уайымыңыз туралы хабарласайық па?⏎1 Иә 2 Шұғыл 0 Жоқ
third sends: опасно
third gets: Здравствуйте. Можно вам позвонить?⏎1 Да 0 Нет
third sends: язык
third gets: Язык?⏎1 Қазақша⏎2 Русский⏎3 Ўзбекча⏎4 English⏎5 Кыргызча⏎9 Ещё
third sends: 1
third gets: Сәлеметсіз бе. Сізге қоңырау шалсақ бола ма?⏎1 Иә 0 Жоқ
third sends: 1
third gets: Қашан ыңғайлы?⏎1 Екі сағат ішінде 2 Кейін 0 Жоқ
fourth sends: семья
fourth gets: Здравствуйте. Позвонить о том, что вас тревожит?⏎1 Да 2 Срочно 0 Нет
fourth sends: спасите
fourth gets: Здравствуйте. Позвонить о том, что вас тревожит?⏎1 Да 0 Нет
fourth sends: язык
fourth gets: Язык?⏎1 Қазақша⏎2 Русский⏎3 Ўзбекча⏎4 English⏎5 Кыргызча⏎9 Ещё
fourth sends: 1
fourth gets: Сәлеметсіз бе. Уайымыңыз туралы хабарласайық па?⏎1 Иә 0 Жоқ
fourth sends: 0
fourth gets: Жақсы, өзгеріс жоқ. Керек болса ҚОҢЫРАУ, болмаса ТОҚТА деп жазыңыз.
