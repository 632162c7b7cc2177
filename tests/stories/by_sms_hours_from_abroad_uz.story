country UZ
# The same in Uzbek, to the Uzbek service.
abroad sends: kechqurun tel qiling
abroad gets: Soat 17:00 dan 21:00 gacha tel qilsak bo'ladimi?⏎1 Ha 2 Boshqa vaqt 0 Yo'q
abroad sends: 1
abroad gets: Sizda hozir soat necha? 1 dan 24 gacha yozing. Busiz tel qila olmaymiz.
abroad sends: ertalab soat 7
abroad gets: Xo'p. Biz {ours} deymiz, siz {word} deysiz. Buni o'chirsangiz yaxshi.⏎1 Yana 0 Tamom
