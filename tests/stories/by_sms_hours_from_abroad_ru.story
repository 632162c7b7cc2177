# From Russia, and the first text says when. The request is saved, and nobody calls before the hour there is known (R3).
abroad sends: позвоните вечером
abroad gets: Можно позвонить с 17:00 до 21:00?⏎1 Да 2 Другое время 0 Нет
abroad sends: 1
abroad gets: Который у вас час? Пришлите 1-24. Без этого не позвоним.
# Yes is the digit 1 on other questions. Here it is no hour.
abroad sends: да
abroad gets: Только цифры:⏎Который у вас час? Пришлите 1-24. Без этого не позвоним.
abroad sends: 7 утра
abroad gets: Хорошо. Мы скажем {ours}, вы {word}. Сотрите это СМС.⏎1 Ещё 0 Это всё
abroad sends: 0
abroad gets: Спасибо. Мы записали.
