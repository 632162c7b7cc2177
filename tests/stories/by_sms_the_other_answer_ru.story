# The word sent again, and a yes; then tomorrow in the afternoon, or in the morning. In Russian.
caller sends: позвоните
caller gets: Здравствуйте. Можно вам позвонить?⏎1 Да 0 Нет
caller sends: позвоните
caller gets: Пришлите 1, и мы позвоним, когда вам удобно.⏎1 Да 0 Нет
caller sends: 1
caller gets: Когда удобно?⏎1 Любое время⏎2 Утро⏎3 День⏎4 Вечер⏎5 Завтра⏎0 Нет
caller sends: 5
caller gets: Завтра когда?⏎1 Любое время⏎2 Утро⏎3 День⏎4 Вечер⏎0 Нет
caller sends: 3
caller gets: Хорошо. Мы скажем {ours}, вы {word}. Сотрите это СМС.⏎1 Ещё 0 Это всё
other sends: позвоните
other gets: Здравствуйте. Можно вам позвонить?⏎1 Да 0 Нет
other sends: да
other gets: Когда удобно?⏎1 Любое время⏎2 Утро⏎3 День⏎4 Вечер⏎5 Завтра⏎0 Нет
other sends: 5
other gets: Завтра когда?⏎1 Любое время⏎2 Утро⏎3 День⏎4 Вечер⏎0 Нет
other sends: 2
other gets: Хорошо. Мы скажем {ours_other}, вы {word_other}. Сотрите это СМС.⏎1 Ещё 0 Это всё
# In danger, and a no.
third sends: опасно
third gets: Здравствуйте. Можно вам позвонить?⏎1 Да 0 Нет
third sends: меня бьют
third gets: Пришлите 1, и мы позвоним, когда вам удобно.⏎1 Да 0 Нет
third sends: 0
third gets: Хорошо, всё как было. Нужен звонок: пишите ПОЗВОНИТЕ, не нужен: СТОП.
# About somebody close: yes, no, and a no in danger. The next text begins anew.
fourth sends: семья
fourth gets: Здравствуйте. Позвонить о том, что вас тревожит?⏎1 Да 2 Срочно 0 Нет
fourth sends: семья
fourth gets: Пришлите 1, и мы позвоним, когда вам удобно.⏎1 Да 2 Срочно 0 Нет
fourth sends: 1
fourth gets: Когда удобно?⏎1 Любое время⏎2 Утро⏎3 День⏎4 Вечер⏎5 Завтра⏎0 Нет
fifth sends: семья
fifth gets: Здравствуйте. Позвонить о том, что вас тревожит?⏎1 Да 2 Срочно 0 Нет
fifth sends: семья
fifth gets: Пришлите 1, и мы позвоним, когда вам удобно.⏎1 Да 2 Срочно 0 Нет
fifth sends: 0
fifth gets: Хорошо, всё как было. Нужен звонок: пишите ПОЗВОНИТЕ, не нужен: СТОП.
fifth sends: семья
fifth gets: Здравствуйте. Позвонить о том, что вас тревожит?⏎1 Да 2 Срочно 0 Нет
fifth sends: опасно
fifth gets: Здравствуйте. Позвонить о том, что вас тревожит?⏎1 Да 0 Нет
fifth sends: мою дочь заперли
fifth gets: Пришлите 1, и мы позвоним, когда вам удобно.⏎1 Да 0 Нет
fifth sends: 0
fifth gets: Хорошо, всё как было. Нужен звонок: пишите ПОЗВОНИТЕ, не нужен: СТОП.
