# The other times that a first text can say, and a yes: tomorrow evening, today, any time. It is early. In Russian.
at 06:00
caller sends: позвоните завтра вечером
caller gets: Можно позвонить завтра с 17:00 до 21:00?⏎1 Да 2 Другое время 0 Нет
caller sends: да
caller gets: Хорошо. Мы скажем {ours}, вы {word}. Сотрите это СМС.⏎1 Ещё 0 Это всё
other sends: позвоните сегодня утром
other gets: Можно позвонить сегодня с 08:00 до 12:00?⏎1 Да 2 Другое время 0 Нет
other sends: да
other gets: Хорошо. Мы скажем {ours_b}, вы {word_b}. Сотрите это СМС.⏎1 Ещё 0 Это всё
third sends: позвоните сегодня днем
third gets: Можно позвонить сегодня с 12:00 до 17:00?⏎1 Да 2 Другое время 0 Нет
third sends: да
third gets: Хорошо. Мы скажем {ours_c}, вы {word_c}. Сотрите это СМС.⏎1 Ещё 0 Это всё
fourth sends: позвоните сегодня вечером
fourth gets: Можно позвонить сегодня с 17:00 до 21:00?⏎1 Да 2 Другое время 0 Нет
fourth sends: да
fourth gets: Хорошо. Мы скажем {ours_d}, вы {word_d}. Сотрите это СМС.⏎1 Ещё 0 Это всё
fifth sends: позвоните в любое время
fifth gets: Можно позвонить с 08:00 до 21:00?⏎1 Да 2 Другое время 0 Нет
fifth sends: да
fifth gets: Хорошо. Мы скажем {ours_e}, вы {word_e}. Сотрите это СМС.⏎1 Ещё 0 Это всё
