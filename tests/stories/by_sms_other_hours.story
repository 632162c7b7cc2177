country UZ
# By SMS in Uzbek, in the letters that she writes: other hours, and no, which costs nothing.
caller sends: yordam
caller gets: Salom. Sizga tel qilsak bo'ladimi?⏎1 Ha 0 Yo'q
caller sends: ha
caller gets: Qachon qulay?⏎1 Istalgan vaqt⏎2 Ertalab⏎3 Kunduzi⏎4 Kechqurun⏎5 Ertaga⏎0 Yo'q
caller sends: 3
caller gets: Xo'p. Biz {ours} deymiz, siz {word} deysiz. Buni o'chirsangiz yaxshi.⏎1 Yana 0 Tamom
other sends: ёрдам беринг
other gets: Салом. Сизга тел қилсак бўладими?⏎1 Ҳа 0 Йўқ
other sends: ҳа
other gets: Қачон қулай?⏎1 Доим⏎2 Эрталаб⏎3 Кундузи⏎4 Кечқурун⏎5 Эртага⏎0 Йўқ
# Yes is no hour: it would be any time of the day.
other sends: ҳа
other gets: Фақат 0-5:⏎1 Доим⏎2 Эрталаб⏎3 Кундузи⏎4 Кечқурун⏎5 Эртага⏎0 Йўқ
other sends: 4
other gets: Хўп. Биз {ours_b} деймиз, сиз {word_b}. Буни ўчиринг.⏎1 Яна 0 Тамом
third sends: ёрдам
third gets: Салом. Сизга тел қилсак бўладими?⏎1 Ҳа 0 Йўқ
third sends: йўқ
third gets: Хўп, ўзгариш йўқ. Тел керак бўлса ТЕЛ, бўлмаса СТОП деб ёзинг.
fourth sends: yordam
fourth gets: Salom. Sizga tel qilsak bo'ladimi?⏎1 Ha 0 Yo'q
fourth sends: 1
fourth gets: Qachon qulay?⏎1 Istalgan vaqt⏎2 Ertalab⏎3 Kunduzi⏎4 Kechqurun⏎5 Ertaga⏎0 Yo'q
fourth sends: 0
fourth gets: Xo'p, hech narsa o'zgarmaydi. Tel qilishimiz kerak bo'lsa TEL QILING, kerak bo'lmasa STOP deb yozing.
wait 1 hour
third gets nothing
