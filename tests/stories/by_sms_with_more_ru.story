# Whoever wants to say more by SMS chooses a place and a need by number. The word CALL may be typed on the keys that bear
# its letters; beside an open question the same digits are an answer.
caller sends: позвоните
caller gets: Здравствуйте. Можно вам позвонить?⏎1 Да 0 Нет
caller sends: да
caller gets: Когда удобно?⏎1 Любое время⏎2 Утро⏎3 День⏎4 Вечер⏎5 Завтра⏎0 Нет
caller sends: 1
caller gets: Хорошо. Мы скажем {ours}, вы {word}. Сотрите это СМС.⏎1 Ещё 0 Это всё
caller sends: 2255
caller gets: Только 1 или 0:⏎1 Ещё 0 Это всё
caller sends: 1
caller gets: Где вы?⏎1 Бишкек⏎2 город Ош⏎3 Чуй⏎4 Ошская⏎9 Ещё⏎0 Дальше
caller sends: 9
caller gets: 1 Джалал-Абад⏎2 Иссык-Куль⏎3 Нарын⏎9 Ещё⏎0 Дальше
caller sends: 3
caller gets: О чём речь?⏎1 Работа⏎2 Бумаги⏎3 Здоровье⏎4 Жильё⏎5 Разговор⏎0 Дальше
caller sends: 2
caller gets: Спасибо. Мы записали.
kg-country gets: Request: Naryn, RU, Papers taken, age not said, any time. NO/YES {offer}
request is offered
other sends: позвоните
other gets: Здравствуйте. Можно вам позвонить?⏎1 Да 0 Нет
other sends: да
other gets: Когда удобно?⏎1 Любое время⏎2 Утро⏎3 День⏎4 Вечер⏎5 Завтра⏎0 Нет
other sends: 2
other gets: Хорошо. Мы скажем {ours_b}, вы {word_b}. Сотрите это СМС.⏎1 Ещё 0 Это всё
other sends: нет
other gets: Спасибо. Мы записали.

# Each other need, and none.
third sends: позвоните
third gets: Здравствуйте. Можно вам позвонить?⏎1 Да 0 Нет
third sends: да
third gets: Когда удобно?⏎1 Любое время⏎2 Утро⏎3 День⏎4 Вечер⏎5 Завтра⏎0 Нет
third sends: 1
third gets: Хорошо. Мы скажем {ours_third}, вы {word_third}. Сотрите это СМС.⏎1 Ещё 0 Это всё
third sends: 1
third gets: Где вы?⏎1 Бишкек⏎2 город Ош⏎3 Чуй⏎4 Ошская⏎9 Ещё⏎0 Дальше
third sends: 0
third gets: О чём речь?⏎1 Работа⏎2 Бумаги⏎3 Здоровье⏎4 Жильё⏎5 Разговор⏎0 Дальше
third sends: 3
third gets: Спасибо. Мы записали.
fourth sends: позвоните
fourth gets: Здравствуйте. Можно вам позвонить?⏎1 Да 0 Нет
fourth sends: да
fourth gets: Когда удобно?⏎1 Любое время⏎2 Утро⏎3 День⏎4 Вечер⏎5 Завтра⏎0 Нет
fourth sends: 1
fourth gets: Хорошо. Мы скажем {ours_fourth}, вы {word_fourth}. Сотрите это СМС.⏎1 Ещё 0 Это всё
fourth sends: 1
fourth gets: Где вы?⏎1 Бишкек⏎2 город Ош⏎3 Чуй⏎4 Ошская⏎9 Ещё⏎0 Дальше
fourth sends: 0
fourth gets: О чём речь?⏎1 Работа⏎2 Бумаги⏎3 Здоровье⏎4 Жильё⏎5 Разговор⏎0 Дальше
fourth sends: 4
fourth gets: Спасибо. Мы записали.
fifth sends: позвоните
fifth gets: Здравствуйте. Можно вам позвонить?⏎1 Да 0 Нет
fifth sends: да
fifth gets: Когда удобно?⏎1 Любое время⏎2 Утро⏎3 День⏎4 Вечер⏎5 Завтра⏎0 Нет
fifth sends: 1
fifth gets: Хорошо. Мы скажем {ours_fifth}, вы {word_fifth}. Сотрите это СМС.⏎1 Ещё 0 Это всё
fifth sends: 1
fifth gets: Где вы?⏎1 Бишкек⏎2 город Ош⏎3 Чуй⏎4 Ошская⏎9 Ещё⏎0 Дальше
fifth sends: 0
fifth gets: О чём речь?⏎1 Работа⏎2 Бумаги⏎3 Здоровье⏎4 Жильё⏎5 Разговор⏎0 Дальше
fifth sends: 0
fifth gets: Спасибо. Мы записали.
