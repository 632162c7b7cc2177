country TJ
# In danger, from Russia, by SMS in Tajik: within two hours needs no clock (R3). A later time does, so the hour is asked
# then.
abroad sends: халос кунед
abroad gets: Салом. Мешавад ба шумо занг занем?⏎1 Ҳа 0 Не
abroad sends: 1
abroad gets: Кай қулай?⏎1 Дар давоми 2 соат 2 Баъдтар 0 Не
abroad sends: 1
abroad gets: Хуб. Мо {ours} мегӯем, шумо {word}. SMS-ро пок кунед.⏎1 Баъд 0 Тамом
abroad sends: 1
abroad gets: Дар ҷои шумо ҳозир соат чанд? Аз 1 то 24 нависед.
abroad sends: 15
abroad gets: Дар 2 соат занг назананд, кай?⏎1 Ҳар вақт⏎2 Субҳ⏎3 Рӯз⏎4 Бегоҳ⏎0 Не
abroad sends: 4
abroad gets: Дар бораи чӣ?⏎1 Кор⏎2 Ҳуҷҷат⏎3 Саломатӣ⏎4 Ҷой⏎5 Суҳбат⏎0 Нагӯям
