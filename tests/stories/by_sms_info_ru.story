country KG with topics by SMS
# INFO: a caller reads about work by SMS. Nothing is asked and nothing is stored.
caller sends: ИНФО
caller gets: О работе:⏎1 Оплата⏎2 Отдых⏎3 Договор⏎4 Документы⏎5 Фирма
caller sends: 6
caller gets: Только 1-5:⏎1 Оплата⏎2 Отдых⏎3 Договор⏎4 Документы⏎5 Фирма
caller sends: 1
caller gets: Работу оплачивают и без договора. Запишите дни и часы.
# The text has ended it. What asks for a call begins anew.
caller sends: 3
caller gets: Здравствуйте. Напишите ПОЗВОНИТЕ - позвоним. СТОП - не звоним, молчим.
other sends: инфо
other gets: О работе:⏎1 Оплата⏎2 Отдых⏎3 Договор⏎4 Документы⏎5 Фирма
other sends: 3
other gets: Прочтите до подписи, на своём языке. Копию оставьте себе.
other sends: позвоните
other gets: Здравствуйте. Можно вам позвонить?⏎1 Да 0 Нет
# A cry instead of a digit is a cry.
third sends: инфо
third gets: О работе:⏎1 Оплата⏎2 Отдых⏎3 Договор⏎4 Документы⏎5 Фирма
third sends: меня бьют
third gets: Здравствуйте. Можно вам позвонить?⏎1 Да 0 Нет
# Between two topics STOP ends it without a reply.
fourth sends: инфо
fourth gets: О работе:⏎1 Оплата⏎2 Отдых⏎3 Договор⏎4 Документы⏎5 Фирма
fourth sends: стоп
fourth gets nothing
