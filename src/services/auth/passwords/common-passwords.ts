/** Passwords of eight characters and more that lead every published list, folded to lower case. */
export const commonPasswords: ReadonlySet<string> = new Set(
  `password password1 password12 password123 password1234 passw0rd passw0rd1 p@ssw0rd p@ssword pa$$word pa55word
12345678 123456789 1234567890 0123456789 987654321 87654321 11111111 00000000 88888888 66666666 12341234 11223344 112233445566
123123123 147258369 741852963 789456123 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qazxsw2 zaq12wsx qwertyui qwertyuiop qwerty123 qwerty12
qwerty1234 qwer1234 asdfghjk asdfghjkl asdf1234 zxcvbnm1 zxcvbnm123 abcd1234 abc12345 abc123456 a1b2c3d4 a1234567 a12345678
a123456789 aa123456 aa12345678 aaaaaaaa iloveyou iloveyou1 ilovegod sunshine sunshine1 princess princess1 football football1
baseball baseball1 basketball superman superman1 batman123 starwars starwars1 trustno1 whatever welcome1 welcome123 welcome2
letmein1 letmein123 admin123 admin1234 administrator changeme changeme1 default1 computer computer1 internet michael1 jennifer
jessica1 michelle charlie1 jordan23 liverpool liverpool1 chelsea1 arsenal1 barcelona manchester dragon123 monkey123 master123
shadow123 hello123 hello1234 test1234 testtest testing1 testing123 secret123 freedom1 mustang1 corvette mercedes ferrari1 samsung1
nintendo pokemon1 pokemon123 minecraft minecraft1 google123 facebook facebook1 instagram youtube1 spiderman butterfly chocolate
elephant victoria veronica alexander christopher gabriela alejandro fernando carolina estrella tequiero teamo123 mypassword
lovelove loveyou1 love1234 babygirl babygirl1 blink182 metallica slipknot nirvana1 november december september 5201314520 woaini1314
woaini520 5201314a woaini123 wang1234 zhang123 mima1234 qwe12345 qweasdzxc qweasd123 asd12345 zxc12345 qazwsxedc 1qaz!qaz q1w2e3r4
q1w2e3r4t5 1234qwer 123qweasd 123abc123 abcdefgh abcdefg1 xxxxxxxx gfhjkmgfhjkm kinora123 kinorakinora`
    .split(/\s+/)
    .filter(Boolean),
);
