# A colleague of the directory asks for a call and reads a text (R26). The same word of a caller says nothing.
kg-bishkek sends: ПРО
kg-bishkek gets: Хорошо: координатор позвонит на этот телефон.
kg-bishkek gets: Почитать: ПРО 1 учителю, ПРО 2 врачу, ПРО 3 полиции и границе, ПРО 4 работодателю
kg-coordinator-1 gets: Пример Бишкек просит вас позвонить: +996000500001
kg-bishkek sends: про 2
kg-bishkek gets: Заметьте: старые раны, страх, вместо человека отвечает другой. Примите наедине, со своим переводчиком. Спросите: вам ничего не грозит? Сначала лечите. Лекарство против ВИЧ - до 72 часов. Чтобы не было беременности - до 120.
kg-bishkek sends: ПРО 9
kg-bishkek gets: Почитать: ПРО 1 учителю, ПРО 2 врачу, ПРО 3 полиции и границе, ПРО 4 работодателю
kg-coordinator-1 gets nothing
caller sends: ПРО
caller gets: Здравствуйте. Напишите ПОЗВОНИТЕ - позвоним. СТОП - не звоним, молчим.
other sends: хм
other gets: Здравствуйте. Напишите ПОЗВОНИТЕ - позвоним. СТОП - не звоним, молчим.
caller sends: ПРО 1
caller gets: Здравствуйте. Напишите ПОЗВОНИТЕ - позвоним. СТОП - не звоним, молчим.
