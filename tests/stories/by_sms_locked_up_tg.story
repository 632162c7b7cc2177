country TJ
# "My daughter is locked up" in Tajik: understood as about somebody close.
caller sends: духтарамро қулф карданд намегузоранд
caller gets: Салом. Дар бораи ташвишатон ба шумо занг занем?⏎1 Ҳа 0 Не
caller sends: 1
caller gets: Кай қулай?⏎1 Дар давоми 2 соат 2 Баъдтар 0 Не
caller sends: 1
caller gets: Хуб. Мо {ours} мегӯем, шумо {word}. SMS-ро пок кунед.⏎1 Баъд 0 Тамом
request is offered
caller sends: 1
caller gets: Дар 2 соат занг назананд, кай?⏎1 Ҳар вақт⏎2 Субҳ⏎3 Рӯз⏎4 Бегоҳ⏎0 Не
caller sends: 4
caller gets: Дар куҷоед?⏎1 Душанбе⏎2 Суғд⏎3 Хатлон⏎4 Ҳисор, Рашт⏎9 Боз⏎0 Нагӯям
other sends: оила
other gets: Салом. Дар бораи ташвишатон ба шумо занг занем?⏎1 Ҳа 2 Таъҷилӣ 0 Не
other sends: 2
other gets: Кай қулай?⏎1 Дар давоми 2 соат 2 Баъдтар 0 Не
other sends: 1
other gets: Хуб. Мо {ours_other} мегӯем, шумо {word_other}. SMS-ро пок кунед.⏎1 Баъд 0 Тамом
other sends: 0
other gets: Раҳмат. Навиштем.
