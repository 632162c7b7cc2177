# A first text that says when, and a yes: one 1 is enough for each time of day. In Russian.
caller sends: позвоните утром
caller gets: Можно позвонить с 08:00 до 12:00?⏎1 Да 2 Другое время 0 Нет
caller sends: 1
caller gets: Хорошо. Мы скажем {ours}, вы {word}. Сотрите это СМС.⏎1 Ещё 0 Это всё
other sends: позвоните днем
other gets: Можно позвонить с 12:00 до 17:00?⏎1 Да 2 Другое время 0 Нет
other sends: 1
other gets: Хорошо. Мы скажем {ours_b}, вы {word_b}. Сотрите это СМС.⏎1 Ещё 0 Это всё
third sends: позвоните после 6
third gets: Можно позвонить с 18:00 до 21:00?⏎1 Да 2 Другое время 0 Нет
third sends: 1
third gets: Хорошо. Мы скажем {ours_c}, вы {word_c}. Сотрите это СМС.⏎1 Ещё 0 Это всё
fourth sends: позвоните после 7
fourth gets: Можно позвонить с 19:00 до 21:00?⏎1 Да 2 Другое время 0 Нет
fourth sends: 1
fourth gets: Хорошо. Мы скажем {ours_d}, вы {word_d}. Сотрите это СМС.⏎1 Ещё 0 Это всё
fifth sends: позвоните завтра
fifth gets: Можно позвонить завтра с 08:00 до 21:00?⏎1 Да 2 Другое время 0 Нет
fifth sends: 1
fifth gets: Хорошо. Мы скажем {ours_e}, вы {word_e}. Сотрите это СМС.⏎1 Ещё 0 Это всё
sixth sends: позвоните завтра утром
sixth gets: Можно позвонить завтра с 08:00 до 12:00?⏎1 Да 2 Другое время 0 Нет
sixth sends: 1
sixth gets: Хорошо. Мы скажем {ours_f}, вы {word_f}. Сотрите это СМС.⏎1 Ещё 0 Это всё
seventh sends: позвоните завтра днем
seventh gets: Можно позвонить завтра с 12:00 до 17:00?⏎1 Да 2 Другое время 0 Нет
seventh sends: 1
seventh gets: Хорошо. Мы скажем {ours_g}, вы {word_g}. Сотрите это СМС.⏎1 Ещё 0 Это всё
