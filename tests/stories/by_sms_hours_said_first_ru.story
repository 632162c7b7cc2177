# A first text that says when: the hours are said back, and one 1 is enough. Another time is a key, and 0 is no.
caller sends: позвоните утром
caller gets: Можно позвонить с 08:00 до 12:00?⏎1 Да 2 Другое время 0 Нет
caller sends: 0
caller gets: Хорошо. Мы не потревожим.
caller sends: позвоните днем
caller gets: Можно позвонить с 12:00 до 17:00?⏎1 Да 2 Другое время 0 Нет
caller sends: 0
caller gets: Хорошо. Мы не потревожим.
other sends: позвоните вечером
other gets: Можно позвонить с 17:00 до 21:00?⏎1 Да 2 Другое время 0 Нет
other sends: 0
other gets: Хорошо. Мы не потревожим.
other sends: позвоните после 6
other gets: Можно позвонить с 18:00 до 21:00?⏎1 Да 2 Другое время 0 Нет
other sends: 0
other gets: Хорошо. Мы не потревожим.
third sends: позвоните после 7
third gets: Можно позвонить с 19:00 до 21:00?⏎1 Да 2 Другое время 0 Нет
third sends: 0
third gets: Хорошо. Мы не потревожим.
third sends: позвоните завтра
third gets: Можно позвонить завтра с 08:00 до 21:00?⏎1 Да 2 Другое время 0 Нет
third sends: 0
third gets: Хорошо. Мы не потревожим.
fourth sends: позвоните завтра утром
fourth gets: Можно позвонить завтра с 08:00 до 12:00?⏎1 Да 2 Другое время 0 Нет
fourth sends: 0
fourth gets: Хорошо. Мы не потревожим.
fourth sends: позвоните завтра днем
fourth gets: Можно позвонить завтра с 12:00 до 17:00?⏎1 Да 2 Другое время 0 Нет
fourth sends: 0
fourth gets: Хорошо. Мы не потревожим.
fifth sends: позвоните завтра вечером
fifth gets: Можно позвонить завтра с 17:00 до 21:00?⏎1 Да 2 Другое время 0 Нет
fifth sends: 0
fifth gets: Хорошо. Мы не потревожим.
fifth sends: позвоните сегодня утром
fifth gets: Можно позвонить сегодня с 08:00 до 12:00?⏎1 Да 2 Другое время 0 Нет
fifth sends: 0
fifth gets: Хорошо. Мы не потревожим.
sixth sends: позвоните сегодня днем
sixth gets: Можно позвонить сегодня с 12:00 до 17:00?⏎1 Да 2 Другое время 0 Нет
sixth sends: 0
sixth gets: Хорошо. Мы не потревожим.
sixth sends: позвоните сегодня вечером
sixth gets: Можно позвонить сегодня с 17:00 до 21:00?⏎1 Да 2 Другое время 0 Нет
sixth sends: 0
sixth gets: Хорошо. Мы не потревожим.
seventh sends: позвоните в любое время
seventh gets: Можно позвонить с 08:00 до 21:00?⏎1 Да 2 Другое время 0 Нет
seventh sends: 0
seventh gets: Хорошо. Мы не потревожим.
# A yes is enough. Other time asks when.
seventh sends: позвоните вечером
seventh gets: Можно позвонить с 17:00 до 21:00?⏎1 Да 2 Другое время 0 Нет
seventh sends: 1
seventh gets: Хорошо. Мы скажем {ours}, вы {word}. Лучше стереть это.⏎1 Ещё 0 Это всё
request is waiting
fourth sends: перезвоните после 7
fourth gets: Можно позвонить с 19:00 до 21:00?⏎1 Да 2 Другое время 0 Нет
fourth sends: 2
fourth gets: Когда удобно?⏎1 Любое время⏎2 Утро⏎3 День⏎4 Вечер⏎5 Завтра⏎0 Нет
